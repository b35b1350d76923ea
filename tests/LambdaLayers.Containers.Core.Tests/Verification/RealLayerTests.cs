using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.Core.Tests.Verification;

/// <summary>Layers that AWS publishes, and the bases that really run, without a false finding.</summary>
public sealed class RealLayerTests
{
    [TestCase("@aws-cdk/lambda-layer-node-proxy-agent@1.203.0")]
    [TestCase("@aws-cdk/lambda-layer-awscli@1.203.0")]
    [TestCase("@aws-cdk/asset-kubectl-v20@2.1.4")]
    public async Task A_layer_that_AWS_publishes_has_nothing_wrong(string package)
    {
        using var tree = ZipTree.Open(await NpmPackages.LayerZipAsync(package));
        using var blob = new MemoryStream();
        await new LayerPacker().PackAsync(tree, new PackOptions("/opt", PackOptions.ZipEpoch), blob, default);
        using var tar = new MemoryStream();
        blob.Position = 0;
        await using (var gzip = new System.IO.Compression.GZipStream(blob,
            System.IO.Compression.CompressionMode.Decompress))
            await gzip.CopyToAsync(tar);

        var findings = await new TestImage { Layers = [SyntheticLayer.FromTar(tar.ToArray())] }.VerifyAsync();

        Assert.That(findings.Select(f => f.Diagnostic.Code + " " + f.Message), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_base_that_runs_has_nothing_wrong(bool dotnet)
    {
        var image = new TestImage
        {
            Architecture = SyntheticBase.HostArchitecture,
            IsDotnet = dotnet,
            Base = (await SyntheticBase.RunnableAsync(dotnetBootstrap: dotnet)).Layers,
        };

        Assert.That((await image.VerifyAsync()).Select(f => f.Diagnostic.Code + " " + f.Message), Is.Empty);
    }
}
