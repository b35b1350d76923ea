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
}
