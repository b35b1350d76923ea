using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Functions;

/// <summary>A layer with a .NET runtime package store, made by `dotnet store` as AWS's own tool does.</summary>
[TestFixture]
public sealed class StoreLayerStory
{
    [Test]
    public async Task Packages_of_a_store_layer_leave_the_publish_output()
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10", dotnet: true);
        var project = Sample.CopyTo(sandbox, "ClassLibraryFunction");
        var folder = Path.GetDirectoryName(project)!;
        var text = File.ReadAllText(project);
        (await sandbox.RunAsync("store", "--manifest", project, "--framework", "net10.0", "--runtime", "linux-x64",
            "--skip-optimization", "--output", Path.Combine(folder, "layer", "dotnetcore", "store"))).EnsureSucceeded();
        File.WriteAllText(project, text.Replace("</Project>",
            "<ItemGroup><LambdaLayer Include=\"layer/\" /></ItemGroup></Project>", StringComparison.Ordinal));

        (await sandbox.PublishAsync(project, "-p:ContainerRuntimeIdentifier=linux-x64", $"-p:ContainerRegistry={registry.Host}",
            $"-p:ContainerBaseImage={registry.Host}/lambda/dotnet:10")).EnsureSucceeded();

        var image = await PushedImage.ReadAsync(registry, "class-library-function:latest");
        var environment = image.RunConfig["Env"]!.AsArray().Select(v => (string)v!);
        Assert.That(environment, Does.Contain("DOTNET_SHARED_STORE=/opt/dotnetcore/store"));
        Assert.That(image.Files(^1), Does.Contain("var/task/ClassLibraryFunction.dll")
            .And.Not.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
        Assert.That(image.Files(^2).Any(f => f.StartsWith("opt/dotnetcore/store/x64/net10.0/sharpziplib/", StringComparison.Ordinal)));
    }
}
