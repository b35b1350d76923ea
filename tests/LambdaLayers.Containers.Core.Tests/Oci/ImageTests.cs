using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Oci;

public sealed class ImageTests
{
    private static readonly Digest BaseBlob = Digest.Of("base blob"u8);
    private static readonly Digest BaseDiff = Digest.Of("base tar"u8);

    [TestCase("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [TestCase("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip")]
    public void Layers_lie_on_the_base_in_item_order_typed_like_the_base(string manifestType, string layerType)
    {
        var image = Base(manifestType).WithLayers([LayerOf("a.zip"), LayerOf("b.zip")], Created);

        var layers = image.Manifest.Layers;
        Assert.That(layers.Select(l => l.Digest), Is.EqualTo(new[] { BaseBlob, Blob("a.zip"), Blob("b.zip") }));
        Assert.That(layers.Skip(1).Select(l => l.MediaType), Has.All.EqualTo(layerType));
        Assert.That(image.Config.DiffIds, Is.EqualTo(new[] { BaseDiff, Diff("a.zip"), Diff("b.zip") }));
        Assert.That(image.Manifest.MediaType, Is.EqualTo(manifestType));
        Assert.That(image.Manifest.Config.Digest, Is.EqualTo(image.Config.Digest));
    }

    [Test]
    public void The_bases_own_environment_entry_point_and_unknown_members_stay()
    {
        var image = Base(MediaTypes.Manifest(ManifestFamily.Docker)).WithLayers([LayerOf("a.zip")], Created);

        var config = JsonNode.Parse(image.Config.Bytes.Span)!;
        Assert.That((string?)config["x-unknown"], Is.EqualTo("kept"));
        Assert.That(image.Config.EntryPoint, Is.EqualTo(new[] { "/lambda-entrypoint.sh" }));
        Assert.That(image.Config.EnvironmentVariable("PATH"), Is.EqualTo("/usr/bin:/opt/bin"));
    }

    [Test]
    public void A_null_history_is_filled_so_that_ours_line_up_with_their_layers()
    {
        var image = Base(MediaTypes.Manifest(ManifestFamily.Docker)).WithLayers([LayerOf("a.zip")], Created);

        var history = JsonNode.Parse(image.Config.Bytes.Span)!["history"]!.AsArray();
        Assert.That(history, Has.Count.EqualTo(2));
        Assert.That((string?)history[1]!["created_by"], Is.EqualTo("LambdaLayer a.zip"));
        Assert.That((string?)history[1]!["created"], Does.StartWith("1980-01-01"));
    }

    [Test]
    public void The_same_inputs_give_the_same_bytes()
    {
        var first = Base(MediaTypes.Manifest(ManifestFamily.Oci)).WithLayers([LayerOf("a.zip")], Created);
        var second = Base(MediaTypes.Manifest(ManifestFamily.Oci)).WithLayers([LayerOf("a.zip")], Created);

        Assert.That(second.Manifest.Digest, Is.EqualTo(first.Manifest.Digest));
    }

    [Test]
    public async Task A_layer_of_the_base_is_passed_through_as_it_is()
    {
        var image = Base(MediaTypes.Manifest(ManifestFamily.Docker)).WithLayers([LayerOf("a.zip")], Created);

        await using var blob = await image.Layers[0].OpenCompressedAsync(CancellationToken.None);
        Assert.That(await Digest.OfAsync(blob, CancellationToken.None), Is.EqualTo(BaseBlob));
        Assert.That(image.AddedLayers.Select(l => l.Digest), Is.EqualTo(new[] { Blob("a.zip") }));
    }

    [Test]
    public void An_empty_base_with_layers_is_a_Docker_image_of_those_layers_alone()
    {
        var image = Image.Empty(Platform.LinuxArm64).WithLayers([LayerOf("a.zip")], Created);

        Assert.That(image.Manifest.Family, Is.EqualTo(ManifestFamily.Docker));
        Assert.That(image.Manifest.Layers.Select(l => l.Digest), Is.EqualTo(new[] { Blob("a.zip") }));
        Assert.That(image.Config.Platform, Is.EqualTo(Platform.LinuxArm64));
    }

    [Test]
    public void Two_platforms_become_an_index_that_names_both()
    {
        var images = new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }
            .Select(p => Image.Empty(p).WithLayers([LayerOf("a.zip")], Created)).ToList();

        var staged = new StagedBase("scratch", images);

        var index = ImageIndex.Parse(staged.Index!.Bytes, staged.Index.MediaType);
        Assert.That(index.Platforms, Is.EqualTo(new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }));
        Assert.That(index.Manifests.Select(m => m.Digest), Is.EqualTo(images.Select(i => i.Manifest.Digest)));
    }

    private static readonly DateTimeOffset Created = PackOptions.ZipEpoch;

    private static Digest Blob(string name) => Digest.Of(Encoding.UTF8.GetBytes("blob " + name));

    private static Digest Diff(string name) => Digest.Of(Encoding.UTF8.GetBytes("tar " + name));

    private static Layer LayerOf(string include) => new(
        new Descriptor(MediaTypes.OciLayerGzip, Blob(include), 10), Diff(include), new LayerOrigin(include) { TargetPath = "/opt" },
        _ => Task.FromResult<Stream>(new MemoryStream()));

    private static Image Base(string manifestType)
    {
        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes($$$"""
            {"architecture":"amd64","os":"linux","x-unknown":"kept","history":null,
             "config":{"Env":["PATH=/usr/bin:/opt/bin"],"Entrypoint":["/lambda-entrypoint.sh"]},
             "rootfs":{"type":"layers","diff_ids":["{{{BaseDiff}}}"]}}
            """));
        var layerType = manifestType.Contains("oci", StringComparison.Ordinal)
            ? "application/vnd.oci.image.layer.v1.tar+gzip" : "application/vnd.docker.image.rootfs.diff.tar.gzip";
        var manifest = ImageManifest.Parse(Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{manifestType}}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Bytes.Length}}},"digest":"{{{config.Digest}}}"},
             "layers":[{"mediaType":"{{{layerType}}}","size":9,"digest":"{{{BaseBlob}}}"}]}
            """), manifestType);
        var origin = new LayerOrigin("base") { Image = ImageReference.Parse("example.com/base:1") };
        return new Image(manifest, config,
            [new Layer(manifest.Layers[0], BaseDiff, origin, _ => Task.FromResult<Stream>(new MemoryStream("base blob"u8.ToArray())))]);
    }
}
