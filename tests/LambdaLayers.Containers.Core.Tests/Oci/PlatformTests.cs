using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Oci;

public class PlatformTests
{
    [TestCase("linux-x64", "linux/amd64")]
    [TestCase("linux-arm64", "linux/arm64")]
    [TestCase("linux-musl-x64", "linux/amd64")]
    [TestCase("linux-musl-arm64", "linux/arm64")]
    [TestCase("linux-bionic-arm64", "linux/arm64")]
    [TestCase("amzn.2-x64", "linux/amd64")]
    [TestCase("alpine.3.18-arm64", "linux/arm64")]
    [TestCase("Linux-X64", "linux/amd64")]
    [TestCase("linux-arm", "linux/arm/v7")]
    [TestCase("win-x64", "windows/amd64")]
    [TestCase("win10-x64", "windows/amd64")]
    [TestCase("win81-x86", "windows/386")]
    [TestCase("win8-x86", "windows/386")]
    [TestCase("win7-arm64", "windows/arm64")]
    [TestCase("osx-arm64", "darwin/arm64")]
    [TestCase("maccatalyst-x64", "darwin/amd64")]
    [TestCase("freebsd-x64", "freebsd/amd64")]
    [TestCase("debian.12-armv6", "linux/arm/v6")]
    [TestCase("ubuntu.24.04-s390x", "linux/s390x")]
    [TestCase("rhel-ppc64le", "linux/ppc64le")]
    [TestCase("centos-riscv64", "linux/riscv64")]
    [TestCase("fedora-loongarch64", "linux/loong64")]
    public void A_runtime_identifier_names_a_platform(string rid, string expected)
    {
        Assert.That(Platform.TryFromRuntimeIdentifier(rid, out var platform), Is.True);
        Assert.That(platform!.ToString(), Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("any")]
    [TestCase("linux")]
    [TestCase("linux-mips")]
    [TestCase("browser-wasm")]
    [TestCase("android-arm64")]
    [TestCase("x64")]
    public void An_identifier_without_system_or_architecture_names_none(string? rid)
    {
        Assert.That(Platform.TryFromRuntimeIdentifier(rid, out _), Is.False);
    }

    [Test]
    public void A_missing_variant_is_the_first_of_its_architecture()
    {
        Assert.That(Platform.LinuxArm64.Accepts(new Platform("linux", "arm64", "v8")), Is.True);
        Assert.That(Platform.LinuxAmd64.Accepts(new Platform("linux", "amd64", "v1")), Is.True);
        Assert.That(Platform.LinuxAmd64.Accepts(new Platform("linux", "amd64", "v3")), Is.False);
        Assert.That(Platform.LinuxAmd64.Accepts(Platform.LinuxArm64), Is.False);
        Assert.That(Platform.LinuxAmd64.Accepts(new Platform("windows", "amd64")), Is.False);
    }

    [TestCase("linux", "amd64", "x64", "x86_64", "x86_64", "linux-x64")]
    [TestCase("linux", "arm64", "arm64", "arm64", "aarch64", "linux-arm64")]
    [TestCase("linux", "s390x", "s390x", "s390x", "s390x", "linux-s390x")]
    public void An_architecture_has_a_name_for_each_audience(
        string os, string architecture, string dotnet, string lambda, string machine, string rid)
    {
        var platform = new Platform(os, architecture);

        Assert.That((platform.DotnetArchitecture, platform.LambdaArchitecture, platform.MachineName, platform.RuntimeIdentifier),
            Is.EqualTo((dotnet, lambda, machine, rid)));
    }

    [Test]
    public void Lambda_s_platforms_go_by_every_name()
    {
        string[] amd64 = ["x64", "x86_64", "amd64", "AMD64"];
        string[] arm64 = ["arm64", "aarch64"];

        Assert.That(amd64.Select(Of), Is.All.EqualTo(new Platform("linux", "amd64")));
        Assert.That(arm64.Select(Of), Is.All.EqualTo(new Platform("linux", "arm64")));
        Assert.That(((string?[])[null, "", "mips"]).Select(Of), Is.All.Null);
        Assert.That(Platform.ArchitectureNames, Is.EqualTo(["x64", "x86_64", "x86-64", "amd64", "arm64", "aarch64"]));

        static Platform? Of(string? name) => Platform.TryFromArchitecture(name, out var platform) ? platform : null;
    }

    [TestCase("linux/amd64", true)]
    [TestCase("linux/arm64/v8", true)]
    [TestCase(null, false)]
    [TestCase("linux", false)]
    [TestCase("linux/", false)]
    [TestCase("/amd64", false)]
    [TestCase("linux/arm64/", false)]
    [TestCase("/arm64/v8", false)]
    [TestCase("linux//v8", false)]
    [TestCase("linux/arm64/v8/x", false)]
    public void A_platform_is_read_as_it_is_written(string? text, bool valid)
    {
        Assert.That(Platform.TryParse(text, out var platform), Is.EqualTo(valid));
        Assert.That(platform?.ToString(), Is.EqualTo(valid ? text : null));
    }

    [TestCase("linux", "arm", null, "v7", true)]
    [TestCase("linux", "arm", "v6", "v7", false)]
    [TestCase("linux", "s390x", null, null, true)]
    [TestCase("linux", "s390x", null, "z", false)]
    public void Variants_are_compared_as_the_architecture_counts_them(
        string os, string architecture, string? one, string? other, bool accepted) =>
        Assert.That(new Platform(os, architecture, one).Accepts(new Platform(os, architecture, other)), Is.EqualTo(accepted));

    [Test]
    public void An_identifier_that_Lambda_cannot_run_is_told()
    {
        var failure = Assert.Throws<LayersException>(() => Platform.OfRuntimeIdentifier("browser-wasm"))!;

        Assert.That(failure.Diagnostic, Is.EqualTo(new Diagnostic(
            "LLC4004",
            "The runtime identifier 'browser-wasm' names no platform that an image can be made for. Lambda runs linux-x64 and linux-arm64.")));
    }
}
