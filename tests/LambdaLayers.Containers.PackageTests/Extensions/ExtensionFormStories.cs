using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>
/// However an extension project is published, exactly one file lies in /opt/extensions, it starts, and the program behind it
/// registers under that file's name.
/// </summary>
public sealed class ExtensionFormStories
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static IEnumerable<TestCaseData<string, bool>> Forms()
    {
        static TestCaseData<string, bool> Form(string name, string properties, bool alone) =>
            new TestCaseData<string, bool>(properties, alone).SetArgDisplayNames(name);

        yield return Form("single file", "", true);
        yield return Form("self-contained", "PublishSingleFile=false;PublishTrimmed=false", false);
        yield return Form(
            "framework-dependent", "PublishSelfContained=false;PublishSingleFile=false;PublishTrimmed=false", false);
        yield return Form("single file with its symbols", "DebugType=portable;PublishTrimmed=false", false);
    }

    [TestCaseSource(nameof(Forms))]
    public Task One_file_in_extensions_starts_and_registers_under_its_name(string properties, bool alone) =>
        Starts_and_registers(properties, alone);

    [Test]
    public Task A_native_one_does_too()
    {
        // The SDK takes either as its linker.
        _ = Tools.Find("clang") ?? Tools.Require("gcc");
        return Starts_and_registers("PublishAot=true", alone: true);
    }

    private static async Task Starts_and_registers(string properties, bool alone)
    {
        await using var sandbox = await ExtensionSandbox.CreateAsync();
        Sample.CopyTo(sandbox.Dotnet, "AuditExtension");
        var project = sandbox.WriteFunction(
            $"""<LambdaLayer Include="../AuditExtension/AuditExtension.csproj" AdditionalProperties="{properties}" />""");

        (await sandbox.PublishAsync(project, "-r", HostRuntimeIdentifier, "--self-contained", "false")).EnsureSucceeded();

        var layer = (await sandbox.ItemLayersAsync("fn", "1")).Single();
        Assert.That(layer.Files.Where(f => f.StartsWith("opt/extensions/", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "opt/extensions/AuditExtension" }));
        Assert.That(layer.Files.All(f => f == "opt/extensions/AuditExtension"), Is.EqualTo(alone));
        Assert.That(layer.Files, Is.All.StartsWith("opt/extensions/").Or.StartsWith("opt/AuditExtension/"));
        await AssertRegistersAsync(layer, sandbox.Dotnet.File("unpacked", "x"));
    }

    private static string HostRuntimeIdentifier =>
        "linux-" + System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static async Task AssertRegistersAsync(StoredLayer layer, string folder)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The extension is a program for Linux.");
        layer.UnpackTo(folder);
        await using var lambda = await RuntimeApiStub.StartAsync();
        using var timeout = new CancellationTokenSource(Patience);
        var extension = ToolRunner.RunAsync(
            new ToolCommand(Path.Combine(folder, "opt", "extensions", "AuditExtension"), [])
            {
                Environment = new Dictionary<string, string?> { ["AWS_LAMBDA_RUNTIME_API"] = lambda.Address },
            },
            timeout.Token);

        await Task.WhenAny(lambda.WaitForExtensionsAsync(1, timeout.Token), extension);
        lambda.Shutdown();

        Assert.That((await extension).StandardOutput, Does.Contain("AuditExtension: 0 invocations in all"));
        Assert.That(lambda.Extensions, Is.EqualTo(new[] { "AuditExtension" }));
    }
}
