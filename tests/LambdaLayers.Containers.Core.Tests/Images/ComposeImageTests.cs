using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Images;

public sealed class ComposeImageTests
{
    private static readonly Digest BaseBlob = Digest.Of("base blob"u8);
    private static readonly Digest BaseDiff = Digest.Of("base tar"u8);

    [TestCase("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [TestCase("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip")]
    public void Layers_lie_on_the_base_in_item_order_typed_like_the_base(string manifestType, string layerType)
    {
        var image = ComposeImage.Run(Base(manifestType), [LayerOf("a.zip"), LayerOf("b.zip")], None, None);

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
        var image = ComposeImage.Run(Base(MediaTypes.Manifest(ManifestFamily.Docker)), [LayerOf("a.zip")], None, None);

        var config = JsonNode.Parse(image.Config.Bytes.Span)!;
        Assert.That((string?)config["x-unknown"], Is.EqualTo("kept"));
        Assert.That(image.Config.EntryPoint, Is.EqualTo(new[] { "/lambda-entrypoint.sh" }));
        Assert.That(image.Config.EnvironmentVariable("PATH"), Is.EqualTo("/usr/bin:/opt/bin"));
    }

    [Test]
    public void A_null_history_is_filled_so_that_ours_line_up_with_their_layers()
    {
        var image = ComposeImage.Run(Base(MediaTypes.Manifest(ManifestFamily.Docker)), [LayerOf("a.zip")], None, None);

        var history = JsonNode.Parse(image.Config.Bytes.Span)!["history"]!.AsArray();
        Assert.That(history, Has.Count.EqualTo(2));
        Assert.That((string?)history[1]!["created_by"], Is.EqualTo("LambdaLayer a.zip"));
        Assert.That((string?)history[1]!["created"], Does.StartWith("1980-01-01"));
    }

    [Test]
    public void The_same_inputs_give_the_same_bytes()
    {
        var first = ComposeImage.Run(Base(MediaTypes.Manifest(ManifestFamily.Oci)), [LayerOf("a.zip")], None, None);
        var second = ComposeImage.Run(Base(MediaTypes.Manifest(ManifestFamily.Oci)), [LayerOf("a.zip")], None, None);

        Assert.That(second.Manifest.Digest, Is.EqualTo(first.Manifest.Digest));
    }

    [Test]
    public void Every_blob_that_the_manifest_names_is_served_and_the_bases_are_passed_through()
    {
        var image = ComposeImage.Run(Base(MediaTypes.Manifest(ManifestFamily.Docker)), [LayerOf("a.zip")], None, None);

        var named = image.Manifest.Layers.Append(image.Manifest.Config).Select(d => (d.Digest, d.Size));
        Assert.That(image.Blobs.Select(b => (b.Digest, b.Size)), Is.EquivalentTo(named));
    }

    [Test]
    public void An_empty_base_with_layers_is_a_Docker_image_of_those_layers_alone()
    {
        var image = ComposeImage.Run(BaseImage.Scratch(Platform.LinuxArm64), [LayerOf("a.zip")], None, None);

        Assert.That(image.Manifest.Family, Is.EqualTo(ManifestFamily.Docker));
        Assert.That(image.Manifest.Layers.Select(l => l.Digest), Is.EqualTo(new[] { Blob("a.zip") }));
        Assert.That(image.Config.Platform, Is.EqualTo(Platform.LinuxArm64));
    }

    [Test]
    public void Two_platforms_become_an_index_that_names_both()
    {
        var images = new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }
            .Select(p => ComposeImage.Run(BaseImage.Scratch(p), [LayerOf("a.zip")], None, None)).ToList();

        var served = AssembleServedImage.Run("scratch", images);

        var index = ImageIndex.Parse(served.Root.Content, served.Root.MediaType);
        Assert.That(index.Platforms, Is.EqualTo(new[] { Platform.LinuxAmd64, Platform.LinuxArm64 }));
        Assert.That(index.Manifests.Select(m => m.Digest), Is.EqualTo(images.Select(i => i.Manifest.Digest)));
        Assert.That(served.Manifests.Select(m => m.Digest), Is.EqualTo(images.Select(i => i.Manifest.Digest)));
    }

    private static readonly Dictionary<string, string> None = [];

    private static Digest Blob(string name) => Digest.Of(Encoding.UTF8.GetBytes("blob " + name));

    private static Digest Diff(string name) => Digest.Of(Encoding.UTF8.GetBytes("tar " + name));

    private static Layer LayerOf(string include)
    {
        var item = new LayerItem(new ItemOrigin(include), LayerKind.Zip) { ProjectDirectory = Path.GetTempPath() };
        var packed = new PackedLayer(Blob(include), Diff(include), 10, new LayerFacts());
        return new Layer(item, packed, false, _ => Task.FromResult<Stream>(new MemoryStream()));
    }

    private static BaseImage Base(string manifestType)
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
        return new BaseImage(Platform.LinuxAmd64, manifest, config, (_, _) => Task.FromResult<Stream>(new MemoryStream()));
    }
}
