using System.Diagnostics;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Layers that AWS itself publishes, packed by us, read by GNU tar, and compared with what unzip makes of the zip.</summary>
public sealed class AwsLayerZipTests
{
    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [TestCase("@aws-cdk/lambda-layer-node-proxy-agent@1.203.0", "sha256:651501358d896317839b45f62ab9b17dfcfea7c9828eb6c0134713e95d95d1a0")]
    [TestCase("@aws-cdk/lambda-layer-awscli@1.203.0", "sha256:ffa05a165a549ea34a7a5828836312ad8ea72f8cb009570293bf6fb1e248ba4f")]
    [TestCase("@aws-cdk/asset-kubectl-v20@2.1.4", "sha256:b4e1cf80ec96df2b754c3debc2ee1ba41fb6a9f29176177038c69c4ceb4fb9e8")]
    public async Task GNU_tar_unpacks_what_unzip_unpacks(string package, string digest)
    {
        var zip = await NpmPackages.LayerZipAsync(package);
        var (unzipped, untarred, blob) = (_root.Folder("unzipped"), _root.Folder("untarred"), _root.File("layer.tar.gz"));

        var packed = await Pack(zip, blob);
        await Run("unzip", "-q", zip, "-d", unzipped);
        await Run("tar", "-xzpf", blob, "-C", untarred);

        Assert.That(FileListing.Of(Path.Combine(untarred, "opt")), Is.EqualTo(FileListing.Of(unzipped)));
        Assert.That(packed.Facts.Files, Is.EqualTo(Directory.GetFiles(unzipped, "*", SearchOption.AllDirectories).Length));
        Assert.That(packed.Facts.Warnings, Is.Empty);
        Assert.That(packed.Digest.ToString(), Is.EqualTo(digest), $"{packed.Digest}");
    }

    private static async Task<PackedLayer> Pack(string zip, string blob)
    {
        var clock = Stopwatch.StartNew();
        using var tree = ZipTree.Open(zip);
        await using var output = File.Create(blob);
        var packed = await new LayerPacker().PackAsync(tree, Packed.Options, output, CancellationToken.None);
        TestContext.Out.WriteLine($"{packed.Facts.Files} files, {packed.Facts.UncompressedSize} -> {packed.Size} bytes, {clock.ElapsedMilliseconds} ms");
        output.Position = 0;
        Assert.That(await Digest.OfAsync(output, CancellationToken.None), Is.EqualTo(packed.Digest));
        return packed;
    }

    private static Task<ToolResult> Run(string tool, params string[] arguments) => ToolRunner.RunAsync(
        new ToolCommand(Tools.Require(tool), arguments) { Environment = new Dictionary<string, string?> { ["TZ"] = "UTC" } },
        CancellationToken.None);
}
