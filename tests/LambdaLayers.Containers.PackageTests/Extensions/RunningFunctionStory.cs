using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>
/// A published image does what it is for: everything in /opt/extensions is started, registers, and hears of each invocation
/// and of the end; the function answers with what it reads from a zip layer and computes with a library from a store layer.
/// </summary>
public sealed class RunningFunctionStory
{
    private const string Library = "ICSharpCode.SharpZipLib.dll";

    private const string Package = "<PackageReference Include=\"SharpZipLib\" Version=\"1.4.2\" />";

    [Test]
    public async Task A_function_with_an_extension_project_a_zip_and_a_store_layer_runs_as_in_Lambda()
    {
        await using var sandbox = await ExtensionSandbox.CreateAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(sandbox.Registry, "aws/provided", "al2023");
        Sample.CopyTo(sandbox.Dotnet, "AuditExtension");
        var project = await WithStoreLayerAsync(sandbox.Dotnet, Sample.CopyTo(sandbox.Dotnet, "FunctionWithExtension"));
        (await sandbox.PublishAsync(project, $"-p:ContainerBaseImage={sandbox.Registry.Host}/aws/provided:al2023"))
            .EnsureSucceeded();
        var image = await ImageRoot.UnpackAsync(
            $"docker://{sandbox.Registry.Uncounted.Authority}/function-with-extension:latest", root);

        await using var running = await RunningImage.StartAsync(image, TimeSpan.FromMinutes(2));
        var first = await running.InvokeAsync("\"Ada\"");
        var second = await running.InvokeAsync("\"Grace\"");
        var extensions = await running.ShutdownAsync();

        Assert.That(running.Lambda.Extensions, Is.EqualTo(new[] { "AuditExtension" }));
        Assert.That(image.Arguments, Is.EqualTo(new[] { "/lambda-entrypoint.sh", "FunctionWithExtension" }));
        Assert.That(File.Exists(Path.Combine(image.Path, "var", "task", Library)), Is.False, "it is in the store");
        Assert.That(first.Body, Is.EqualTo("\"Hello, Ada! 3100888287\""));
        Assert.That(second.Body, Is.EqualTo("\"Hello, Grace! 1356875177\""));
        Assert.That(new[] { first.IsError, second.IsError }, Is.All.False);
        var log = running.Lambda.Log.ToList();
        Assert.That(log.IndexOf("ready AuditExtension"), Is.InRange(0, log.IndexOf("runtime next")));
        Assert.That(log.Count(line => line == "INVOKE AuditExtension"), Is.EqualTo(2));
        Assert.That(log, Does.Contain("SHUTDOWN AuditExtension"));
        Assert.That(extensions.Single().StandardOutput, Does.Contain("AuditExtension: 2 invocations in all"));
    }

    /// <summary>Lets the function use a package, and puts that package into a layer with a runtime package store.</summary>
    private static async Task<string> WithStoreLayerAsync(DotnetSandbox sandbox, string project)
    {
        var packages = sandbox.WriteProject("Store", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{Package}</ItemGroup>
            </Project>
            """);
        (await sandbox.RunAsync("store", "--manifest", packages, "--framework", "net10.0", "--runtime", "linux-x64",
            "--skip-optimization", "--output", sandbox.File("src", "FunctionWithExtension", "store", "dotnetcore", "store")))
            .EnsureSucceeded();
        Replace(project, "</Project>", $"<ItemGroup>{Package}<LambdaLayer Include=\"store/\" /></ItemGroup></Project>");
        var program = Path.Combine(Path.GetDirectoryName(project)!, "Program.cs");
        Replace(program, "!\\\"\"", "! {Sum(name)}\\\"\"");
        await File.AppendAllTextAsync(program, """

            static long Sum(string text)
            {
                var crc = new ICSharpCode.SharpZipLib.Checksum.Crc32();
                crc.Update(System.Text.Encoding.UTF8.GetBytes(text));
                return crc.Value;
            }
            """);
        return project;
    }

    private static void Replace(string file, string old, string with)
    {
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(old), file);
        File.WriteAllText(file, text.Replace(old, with, StringComparison.Ordinal));
    }
}
