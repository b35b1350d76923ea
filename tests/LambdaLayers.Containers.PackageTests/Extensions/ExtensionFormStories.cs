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

    [Test]
    public async Task One_file_in_extensions_starts_and_registers_under_its_name()
    {
        // A trimmed single file is what the sample is (see the samples' stories).
        (string Name, string Properties)[] forms =
        [
            ("SelfContained", "PublishSingleFile=false;PublishTrimmed=false"),
            ("FrameworkDependent", "PublishSelfContained=false;PublishSingleFile=false;PublishTrimmed=false"),
            ("SingleFileWithSymbols", "DebugType=portable;PublishTrimmed=false"),
        ];

        await AssertStartAndRegisterAsync(forms, isAlone: false);
    }

    [Test]
    public async Task A_native_one_does_too()
    {
        // The SDK takes either as its linker.
        _ = Tools.Find("clang") ?? Tools.Require("gcc");
        await AssertStartAndRegisterAsync([("Native", "PublishAot=true")], isAlone: true);
    }

    private static async Task AssertStartAndRegisterAsync((string Name, string Properties)[] forms, bool isAlone)
    {
        await using var sandbox = await ExtensionSandbox.CreateAsync();
        Sample.CopyTo(sandbox.Dotnet, "AuditExtension");
        var project = sandbox.WriteFunction(string.Concat(forms.Select(form => $"""
            <LambdaLayer Include="../AuditExtension/AuditExtension.csproj" AdditionalProperties="{form.Properties};AssemblyName={form.Name}" />
            """)));

        (await sandbox.PublishAsync(project, "-r", HostRuntimeIdentifier, "--self-contained", "false")).EnsureSucceeded();

        var layers = await sandbox.ItemLayersAsync("fn", "1");
        Assert.That(layers, Has.Count.EqualTo(forms.Length));
        foreach (var (layer, name) in layers.Zip(forms, (layer, form) => (layer, form.Name)))
        {
            Assert.That(layer.Files.Where(f => f.StartsWith("opt/extensions/", StringComparison.Ordinal)),
                Is.EqualTo(new[] { $"opt/extensions/{name}" }));
            Assert.That(layer.Files.All(f => f == $"opt/extensions/{name}"), Is.EqualTo(isAlone));
            Assert.That(layer.Files, Is.All.StartsWith("opt/extensions/").Or.StartsWith($"opt/{name}/"));
            await AssertRegistersAsync(layer, name, sandbox.Dotnet.File(name, "x"));
        }
    }

    private static string HostRuntimeIdentifier =>
        "linux-" + System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static async Task AssertRegistersAsync(StoredLayer layer, string name, string folder)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The extension is a program for Linux.");
        layer.UnpackTo(folder);
        await using var lambda = await RuntimeApiStub.StartAsync();
        using var timeout = new CancellationTokenSource(Patience);
        var extension = ToolRunner.RunAsync(
            new ToolCommand(Path.Combine(folder, "opt", "extensions", name), [])
            {
                Environment = new Dictionary<string, string?> { ["AWS_LAMBDA_RUNTIME_API"] = lambda.Address },
            },
            timeout.Token);

        await Task.WhenAny(lambda.WaitForExtensionsAsync(1, timeout.Token), extension);
        lambda.Shutdown();

        Assert.That((await extension).StandardOutput, Does.Contain($"{name}: 0 invocations in all"));
        Assert.That(lambda.Extensions, Is.EqualTo(new[] { name }));
    }
}
