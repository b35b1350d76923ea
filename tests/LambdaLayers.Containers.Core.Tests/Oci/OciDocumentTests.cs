using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Oci;

/// <summary>Documents, descriptors and names of OCI and Docker, member by member.</summary>
public sealed class OciDocumentTests
{
    private static readonly Digest Digest = Digest.Of("x"u8);

    [Test]
    public void Each_kind_of_document_has_a_name_in_both_families()
    {
        (ManifestFamily, string, string, string, string)[] families =
        [
            (ManifestFamily.Docker, MediaTypes.DockerManifest, MediaTypes.DockerManifestList, MediaTypes.DockerConfig,
                MediaTypes.DockerLayerGzip),
            (ManifestFamily.Oci, MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.OciConfig, MediaTypes.OciLayerGzip),
        ];
        foreach (var (family, manifest, index, config, layer) in families)
        {
            Assert.That(MediaTypes.Manifest(family), Is.EqualTo(manifest));
            Assert.That(MediaTypes.Index(family), Is.EqualTo(index));
            Assert.That(MediaTypes.Config(family), Is.EqualTo(config));
            Assert.That(MediaTypes.GzipLayer(family), Is.EqualTo(layer));
            Assert.That((MediaTypes.Family(manifest), MediaTypes.Family(index)), Is.EqualTo((family, family)));
            foreach (var (_, otherManifest, otherIndex, otherConfig, otherLayer) in families)
            {
                Assert.That(MediaTypes.In(family, otherManifest), Is.EqualTo(manifest));
                Assert.That(MediaTypes.In(family, otherIndex), Is.EqualTo(index));
                Assert.That(MediaTypes.In(family, otherConfig), Is.EqualTo(config));
                Assert.That(MediaTypes.In(family, otherLayer), Is.EqualTo(layer));
            }

            Assert.That(MediaTypes.In(family, "x/y"), Is.EqualTo("x/y"));
        }
    }

    [Test]
    public void What_is_about_an_image_is_no_image()
    {
        var image = new Descriptor(MediaTypes.OciManifest, Digest, 7) { Platform = Platform.LinuxAmd64 };

        Assert.That(image.IsAttestation, Is.False);
        Assert.That((image with { Platform = null }).IsAttestation, Is.False);
        Assert.That((image with { ArtifactType = "x" }).IsAttestation);
        Assert.That((image with { Annotations = new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest" } }).IsAttestation);
        Assert.That((image with { Annotations = new Dictionary<string, string> { ["other"] = "x" } }).IsAttestation, Is.False);
        Assert.That((image with { Platform = new Platform("unknown", "amd64") }).IsAttestation);
        Assert.That((image with { Platform = new Platform("linux", "unknown") }).IsAttestation);
    }

    [Test]
    public void A_descriptor_is_read_with_all_that_it_has()
    {
        var json = $$$"""{"mediaType":"a/b","digest":"{{{Digest}}}","size":0,"artifactType":"c/d","annotations":{"x":"y","z":1},"platform":{"os":"linux"}}""";

        var read = OciJson.ReadDescriptor(JsonNode.Parse(json), "x");

        Assert.That((read.MediaType, read.Digest, read.Size, read.ArtifactType), Is.EqualTo(("a/b", Digest, 0L, "c/d")));
        Assert.That(read.Annotations, Is.EqualTo(new Dictionary<string, string> { ["x"] = "y" }));
        Assert.That(read.Platform, Is.EqualTo(new Platform("linux", "")));
        Assert.That(OciJson.ReadPlatform(new JsonObject { ["architecture"] = "arm64", ["variant"] = "v8" }), Is.EqualTo(new Platform("", "arm64", "v8")));
        Assert.That(OciJson.ReadPlatform(new JsonObject { ["variant"] = "v8" }), Is.Null);
    }

    [TestCase("""{}""", "'layers[3]' has no mediaType")]
    [TestCase("""1""", "'layers[3]' is not a descriptor")]
    [TestCase("""{"mediaType":"a/b"}""", "'layers[3]' has no sha256 digest")]
    [TestCase("""{"mediaType":"a/b","digest":"DIGEST"}""", "'layers[3]' has no valid size")]
    [TestCase("""{"mediaType":"a/b","digest":"DIGEST","size":-1}""", "'layers[3]' has no valid size")]
    [TestCase("""{"mediaType":"a b","digest":"DIGEST","size":1}""", "'mediaType' is not a name")]
    [TestCase("""{"mediaType":"a\u007f","digest":"DIGEST","size":1}""", "'mediaType' is not a name")]
    [TestCase("""{"mediaType":"LONG","digest":"DIGEST","size":1}""", "'mediaType' is not a name")]
    [TestCase("""{"mediaType":1}""", "'mediaType' is not a string")]
    [TestCase("""{"mediaType":"~!","digest":"DIGEST","size":1,"platform":[]}""", "'platform' is not an object")]
    public void What_is_no_descriptor_is_named(string json, string words)
    {
        json = json.Replace("DIGEST", Digest.ToString(), StringComparison.Ordinal).Replace("LONG", new string('x', 300), StringComparison.Ordinal);

        Assert.That(() => OciJson.ReadDescriptor(JsonNode.Parse(json), "layers[3]"), Throws.TypeOf<FormatException>().With.Message.EqualTo(words));
    }

    [TestCase("[]", "it is not a JSON object")]
    [TestCase("{", "it is not valid JSON")]
    [TestCase("{\"a\":1,\"a\":2}", "it is not valid JSON")]
    [TestCase("{\"a\":\"\\ud800\"}", "it is not valid JSON")]
    [TestCase("{\"\\ud800\":1}", "it is not valid JSON")]
    public void A_document_that_two_readers_could_read_differently_is_none(string json, string words) =>
        Assert.That(() => OciJson.ReadObject(Encoding.UTF8.GetBytes(json)), Throws.TypeOf<FormatException>().With.Message.EqualTo(words));

    [Test]
    public void Documents_nest_as_deep_as_is_allowed()
    {
        var deepest = Limits.Default.JsonDepth;

        Assert.That(OciJson.ReadObject(Nested(deepest)), Is.Not.Null);
        Assert.That(() => OciJson.ReadObject(Nested(deepest + 1)), Throws.TypeOf<FormatException>());

        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1));
    }

    [TestCase("""{"manifests":1}""", "'manifests' is not an array")]
    [TestCase("""{}""", "it has no manifests")]
    [TestCase("""{"manifests":[1]}""", "'manifests[0]' is not a descriptor")]
    public void What_is_no_index_is_named(string json, string words) => Assert.That(
        () => ImageIndex.Parse(Encoding.UTF8.GetBytes(json), MediaTypes.OciIndex),
        Throws.TypeOf<FormatException>().With.Message.EqualTo(words));

    [TestCase("""{"config":CONFIG}""", "it has no layers")]
    [TestCase("""{"config":CONFIG,"layers":[1]}""", "'layers[0]' is not a descriptor")]
    [TestCase("""{"layers":[]}""", "'config' is not a descriptor")]
    [TestCase("""{"config":CONFIG,"layers":[],"artifactType":1}""", "'artifactType' is not a string")]
    public void What_is_no_manifest_is_named(string json, string words)
    {
        json = json.Replace("CONFIG", $$"""{"mediaType":"a/b","digest":"{{Digest}}","size":1}""", StringComparison.Ordinal);

        Assert.That(
            () => ImageManifest.Parse(Encoding.UTF8.GetBytes(json), MediaTypes.OciManifest),
            Throws.TypeOf<FormatException>().With.Message.EqualTo(words));
    }

    [Test]
    public async Task An_image_is_whole_and_changes_family_without_changing_blobs()
    {
        var tar = Encoding.UTF8.GetBytes("a tar");
        var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(tar);
        var packed = LayerOf(gzip.ToArray(), Digest.Of(tar), new LayerOrigin("zip") { Item = new ItemOrigin("Include"), Resolved = "resolved" });
        var plain = LayerOf(tar, Digest.Of(tar), new LayerOrigin("name"));
        var image = Image.Empty(Platform.LinuxArm64).WithLayers([packed, plain], DateTimeOffset.UnixEpoch);

        Assert.That(image.In(ManifestFamily.Docker), Is.SameAs(image));
        var oci = image.In(ManifestFamily.Oci);
        Assert.That(oci.Manifest.Family, Is.EqualTo(ManifestFamily.Oci));
        Assert.That(oci.Layers.Select(l => l.Digest), Is.EqualTo(image.Layers.Select(l => l.Digest)));
        Assert.That(oci.Platform, Is.EqualTo(Platform.LinuxArm64));
        foreach (var layer in image.Layers)
        {
            await using var stream = await layer.OpenUncompressedAsync(default);
            Assert.That(await new StreamReader(stream).ReadToEndAsync(), Is.EqualTo("a tar"));
        }

        Assert.That((packed.Origin.DisplayName, packed.Origin.Source, packed.Origin.TargetPath), Is.EqualTo(("Include", "resolved", "/")));
        Assert.That((plain.Origin.DisplayName, plain.Origin.Source), Is.EqualTo(("name", "name")));
        Assert.That(() => new Image(image.Manifest, image.Config, [plain]), Throws.TypeOf<FormatException>().With.Message.Contains("it has 1 layers, its manifest names 2"));

        static Layer LayerOf(byte[] blob, Digest diffId, LayerOrigin origin) => new(
            new Descriptor(MediaTypes.DockerLayerGzip, Digest.Of(blob), blob.Length), diffId, origin,
            _ => Task.FromResult<Stream>(new MemoryStream(blob)));
    }
}
