using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>
/// A published image does what it is for, with all kinds of local layers at once: everything in /opt/extensions is started,
/// registers, and hears of each invocation and of the end; the function computes with a library that lies in a .NET runtime
/// package store, made by <c>dotnet store</c> as AWS's own tool does, and no longer beside it.
/// </summary>
public sealed class RunningFunctionStory
{
    private const string Library = "ICSharpCode.SharpZipLib.dll";

    private const string FrameworkDependent = "PublishSelfContained=false;PublishSingleFile=false;PublishTrimmed=false";

    [Test]
    public async Task A_function_with_an_extension_project_a_zip_and_a_store_layer_runs_as_in_Lambda()
    {
        await using var sandbox = await ExtensionSandbox.CreateAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(sandbox.Registry, "aws/dotnet", "10", dotnetBootstrap: true);
        Sample.CopyTo(sandbox.Dotnet, "AuditExtension");
        var project = await WithLayersAsync(sandbox.Dotnet, Sample.CopyTo(sandbox.Dotnet, "ClassLibraryFunction"));
        (await sandbox.PublishAsync(project, "-p:ContainerRuntimeIdentifier=linux-x64",
            $"-p:ContainerBaseImage={sandbox.Registry.Host}/aws/dotnet:10")).EnsureSucceeded();
        var pushed = await PushedImage.ReadAsync(sandbox.Registry, "class-library-function:latest");
        var image = await ImageRoot.UnpackAsync(
            $"docker://{sandbox.Registry.Uncounted.Authority}/class-library-function:latest", root);

        await using var running = await RunningImage.StartAsync(image, TimeSpan.FromMinutes(2));
        var first = await running.InvokeAsync("\"Ada\"");
        var second = await running.InvokeAsync("\"Grace\"");
        var extensions = await running.ShutdownAsync();

        Assert.That(pushed.RunConfig["Env"]!.AsArray().Select(v => (string)v!), Does.Contain("DOTNET_SHARED_STORE=/opt/dotnetcore/store"));
        Assert.That(pushed.Files(^1), Does.Contain("var/task/ClassLibraryFunction.dll"));
        Assert.That(File.Exists(Path.Combine(image.Path, "var", "task", Library)), Is.False, "it is in the store");
        Assert.That(pushed.Files(^2).Any(f => f.StartsWith("opt/dotnetcore/store/x64/net10.0/sharpziplib/", StringComparison.Ordinal)));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(image.Path, "opt", "hello.txt")), Is.EqualTo("hello"));
        Assert.That(running.Lambda.Extensions, Is.EqualTo(new[] { "AuditExtension" }));
        Assert.That(first.Body, Is.EqualTo("\"b8d3ccdf\""));
        Assert.That(second.Body, Is.EqualTo("\"50e045a9\""));
        Assert.That(new[] { first.IsError, second.IsError }, Is.All.False);
        var log = running.Lambda.Log.ToList();
        Assert.That(log.IndexOf("ready AuditExtension"), Is.InRange(0, log.IndexOf("runtime next")));
        Assert.That(log.Count(line => line == "INVOKE AuditExtension"), Is.EqualTo(2));
        Assert.That(log, Does.Contain("SHUTDOWN AuditExtension"));
        Assert.That(extensions.Single().StandardOutput, Does.Contain("AuditExtension: 2 invocations in all"));
    }

    private static async Task<string> WithLayersAsync(DotnetSandbox sandbox, string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        (await sandbox.RunAsync("store", "--manifest", project, "--framework", "net10.0", "--runtime", "linux-x64",
            "--skip-optimization", "--output", Path.Combine(folder, "store", "dotnetcore", "store"))).EnsureSucceeded();
        sandbox.WriteZip("ClassLibraryFunction", "layer.zip", "hello.txt", "hello");
        var text = await File.ReadAllTextAsync(project);
        await File.WriteAllTextAsync(project, text.Replace("</Project>", $"""
              <ItemGroup>
                <LambdaLayer Include="../AuditExtension/AuditExtension.csproj" AdditionalProperties="{FrameworkDependent}" />
                <LambdaLayer Include="layer.zip" />
                <LambdaLayer Include="store/" />
              </ItemGroup>
            </Project>
            """, StringComparison.Ordinal));
        return project;
    }
}
