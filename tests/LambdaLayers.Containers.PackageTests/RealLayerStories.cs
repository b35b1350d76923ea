using System.Text.Json;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>
/// The main job on real input: a layer that AWS publishes, in an image that a real registry has, read back by others' tools.
/// </summary>
public sealed class RealLayerStories
{
    [Test]
    public async Task Every_file_of_a_layer_that_AWS_publishes_arrives_under_opt()
    {
        var zip = await NpmPackages.LayerZipAsync("@aws-cdk/lambda-layer-node-proxy-agent@1.203.0");
        using var sandbox = await DotnetSandbox.CreateAsync();
        await using var registry = await DockerRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10");
        var project = await new FunctionProject
        {
            Items = $"""
                <LambdaLayer Include="{zip}" />
                <ContainerDefaultArgs Include="Fn" />
                """,
        }.WriteBuiltAsync(sandbox);

        var result = await sandbox.MakeImageAsync(
            project, $"-p:ContainerRegistry={registry.Host}", $"-p:ContainerBaseImage={registry.Host}/lambda/dotnet:10",
            "-p:ContainerWorkingDirectory=/var/task", "-p:ContainerAppCommandInstruction=None");

        using var root = new TempRoot();
        var image = $"docker://{registry.Host}/fn:1";
        var rootfs = await Umoci.UnpackAsync(image, root);
        var expected = await UnzippedAsync(zip, root);
        var manifest = await Skopeo.InspectManifestAsync(image);
        var config = await Skopeo.InspectConfigAsync(image);
        var layers = Strings(manifest.GetProperty("layers"), "digest");
        var ours = layers[^2];
        Assert.That(expected, Has.Count.GreaterThan(100), "the zip has many files");
        Assert.That(FileListing.Of(Path.Combine(rootfs, "opt")), Is.EqualTo(expected));
        Assert.That(layers, Is.EqualTo(
            (string[])[.. SyntheticBase.Plain().Layers.Select(layer => layer.Digest), ours, layers[^1]]).And.Count.EqualTo(4));
        Assert.That(BuildLog.Of(result).Messages("  layer  ").Single(), Does.Contain(ours[.."sha256:012345678901".Length]));
        Assert.That(
            config.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Take(2).Select(id => id.GetString()),
            Is.EqualTo(SyntheticBase.Plain().Layers.Select(layer => layer.DiffId)));
        Assert.That(
            config.GetProperty("config").GetProperty("Entrypoint").EnumerateArray().Select(word => word.GetString()),
            Is.EqualTo(new[] { "/lambda-entrypoint.sh" }));
        Assert.That(Path.Combine(rootfs, "var", "task", "Fn.dll"), Does.Exist);
    }

    private static async Task<IReadOnlyList<string>> UnzippedAsync(string zip, TempRoot root)
    {
        var folder = root.Folder("unzipped");
        await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("unzip"), ["-q", zip, "-d", folder])
            {
                Environment = new Dictionary<string, string?> { ["TZ"] = "UTC" },
            },
            CancellationToken.None);
        return FileListing.Of(folder);
    }

    private static List<string> Strings(JsonElement array, string property) =>
        [.. array.EnumerateArray().Select(element => element.GetProperty(property).GetString()!)];
}
