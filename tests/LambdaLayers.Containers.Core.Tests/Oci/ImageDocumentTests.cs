using System.Text;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Tests.Oci;

public class ImageDocumentTests
{
    private static readonly Digest A = Digest.Of("a"u8);
    private static readonly Digest B = Digest.Of("b"u8);
    private static readonly Layer Layer = new(
        new Descriptor(MediaTypes.OciLayerGzip, A, 7), B, new LayerOrigin("a layer"), _ => Task.FromResult(Stream.Null));

    // As AWS's base images are: Docker family, null history, spaces that a rewrite would lose, a member nobody knows.
    private const string AwsConfig = """
        { "architecture": "amd64", "os": "linux", "history": null, "x-unknown": {"n": 1.50e0},
          "config": { "Env": ["PATH=/usr/bin:/opt/bin", "LANG=en_US.UTF-8"], "Entrypoint": ["/lambda-entrypoint.sh"], "Labels": null },
          "rootfs": { "type": "layers", "diff_ids": [
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" ] } }
        """;

    [Test]
    public void A_parsed_document_keeps_its_bytes()
    {
        var bytes = Encoding.UTF8.GetBytes(AwsConfig);

        var config = ImageConfig.Parse(bytes);

        Assert.That(config.Bytes.ToArray(), Is.EqualTo(bytes));
        Assert.That(config.Digest, Is.EqualTo(Digest.Of(bytes)));
        Assert.That(config.EntryPoint, Is.EqualTo(new[] { "/lambda-entrypoint.sh" }));
        Assert.That(config.EnvironmentVariable("PATH"), Is.EqualTo("/usr/bin:/opt/bin"));
        Assert.That(config.EnvironmentVariable("PAT"), Is.Null);
    }

    [Test]
    public void Layers_on_top_of_a_null_history_line_up_with_their_lines()
    {
        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes(AwsConfig)).WithLayers([Layer], DateTimeOffset.UnixEpoch);

        var json = JsonNode.Parse(config.Bytes.Span)!;
        Assert.That(config.DiffIds, Has.Count.EqualTo(3));
        Assert.That(config.DiffIds[2], Is.EqualTo(B));
        Assert.That(json["history"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That((string?)json["history"]![2]!["created_by"], Is.EqualTo("LambdaLayer a layer"));
    }

    [Test]
    public void Empty_layers_in_the_history_are_not_counted_as_layers()
    {
        var text = AwsConfig.Replace("\"history\": null",
            """ "history": [{"created_by":"ADD"},{"created_by":"ENV","empty_layer":true},{"created_by":"RUN"}] """, StringComparison.Ordinal);

        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes(text)).WithLayers([Layer], DateTimeOffset.UnixEpoch);

        Assert.That(JsonNode.Parse(config.Bytes.Span)!["history"]!.AsArray(), Has.Count.EqualTo(4));
    }

    [Test]
    public void A_change_keeps_members_that_nobody_knows_and_leaves_the_original_alone()
    {
        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes(AwsConfig));

        var changed = config
            .WithEnvironment([new("PATH", "/opt/bin"), new("NEW", "a=b+c")])
            .WithLabels([new("org.opencontainers.image.base.digest", A.ToString())]);

        Assert.That(Encoding.UTF8.GetString(changed.Bytes.Span), Does.Contain("\"x-unknown\":{\"n\":1.50e0}").And.Contain("NEW=a=b+c"));
        Assert.That(changed.Environment, Is.EqualTo(new[] { "PATH=/opt/bin", "LANG=en_US.UTF-8", "NEW=a=b+c" }));
        Assert.That(changed.Labels["org.opencontainers.image.base.digest"], Is.EqualTo(A.ToString()));
        Assert.That(config.EnvironmentVariable("PATH"), Is.EqualTo("/usr/bin:/opt/bin"));
    }

    [TestCase((int)ManifestFamily.Docker, MediaTypes.DockerLayerGzip)]
    [TestCase((int)ManifestFamily.Oci, MediaTypes.OciLayerGzip)]
    public void Added_layers_speak_the_dialect_of_the_manifest(int family, string expected)
    {
        var config = ImageConfig.Empty(Platform.LinuxAmd64).WithLayers([Layer], DateTimeOffset.UnixEpoch);

        var manifest = ImageManifest.Empty((ManifestFamily)family, config).WithLayers([Layer]).WithConfig(config);

        Assert.That(manifest.Layers, Is.EqualTo(new[] { new Descriptor(expected, A, 7) }).Using<Descriptor>(Same));
        Assert.That(manifest.Config.Digest, Is.EqualTo(config.Digest));
        Assert.That(manifest.Digest, Is.EqualTo(Digest.Of(manifest.Bytes.Span)));
        Assert.That(Encoding.UTF8.GetString(manifest.Bytes.Span), Does.Not.Contain("\\u002B"));
    }

    [Test]
    public void The_same_changes_give_the_same_bytes()
    {
        var one = ImageConfig.Parse(Encoding.UTF8.GetBytes(AwsConfig)).WithLayers([Layer], DateTimeOffset.UnixEpoch);
        var other = ImageConfig.Parse(Encoding.UTF8.GetBytes(AwsConfig)).WithLayers([Layer], DateTimeOffset.UnixEpoch);

        Assert.That(one.Bytes.ToArray(), Is.EqualTo(other.Bytes.ToArray()));
    }

    [Test]
    public void A_manifest_with_layers_on_top_keeps_annotations_and_the_layers_below()
    {
        var text = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","annotations":{"k":"v"},
             "config":{"mediaType":"{{MediaTypes.OciConfig}}","digest":"{{A}}","size":1,"data":"YQ=="},
             "layers":[{"mediaType":"{{MediaTypes.OciLayerZstd}}","digest":"{{B}}","size":2,"urls":["https://elsewhere.test/x"],"annotations":{"a":"b"} } ] }
            """;
        var manifest = ImageManifest.Parse(Encoding.UTF8.GetBytes(text), MediaTypes.OciManifest);

        var changed = manifest.WithLayers([Layer]).WithConfig(ImageConfig.Empty(Platform.LinuxArm64));

        var json = JsonNode.Parse(changed.Bytes.Span)!;
        Assert.That((string?)json["annotations"]!["k"], Is.EqualTo("v"));
        Assert.That((string?)json["layers"]![0]!["annotations"]!["a"], Is.EqualTo("b"));
        Assert.That(json["config"]!["data"], Is.Null);
        Assert.That(changed.Layers.Select(x => x.MediaType), Is.EqualTo(new[] { MediaTypes.OciLayerZstd, MediaTypes.OciLayerGzip }));
    }

    [Test]
    public void A_manifest_in_the_other_dialect_has_no_word_of_its_own_left_and_the_same_blobs()
    {
        var text = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.DockerManifest}}",
             "config":{"mediaType":"{{MediaTypes.DockerConfig}}","digest":"{{A}}","size":1},
             "layers":[{"mediaType":"{{MediaTypes.DockerLayerGzip}}","digest":"{{B}}","size":2},{"mediaType":"{{MediaTypes.DockerLayer}}","digest":"{{A}}","size":3}]}
            """;
        var manifest = ImageManifest.Parse(Encoding.UTF8.GetBytes(text), MediaTypes.DockerManifest);

        var oci = manifest.In(ManifestFamily.Oci);
        var back = oci.In(ManifestFamily.Docker);

        Assert.That(Encoding.UTF8.GetString(oci.Bytes.Span), Does.Not.Contain("docker"));
        Assert.That(oci.MediaType, Is.EqualTo(MediaTypes.OciManifest));
        Assert.That(oci.Layers.Select(x => (x.MediaType, x.Digest, x.Size)), Is.EqualTo(new[]
        {
            (MediaTypes.OciLayerGzip, B, 2L), (MediaTypes.OciLayer, A, 3L),
        }));
        Assert.That(back.Layers.Select(x => x.MediaType), Is.EqualTo(manifest.Layers.Select(x => x.MediaType)));
        Assert.That(back.MediaType, Is.EqualTo(MediaTypes.DockerManifest));
        Assert.That(manifest.In(ManifestFamily.Docker), Is.SameAs(manifest));
    }

    [TestCase("[]", "not a JSON object")]
    [TestCase("{", "not valid JSON")]
    [TestCase("""{"layers":[]}""", "'config' is not a descriptor")]
    [TestCase("""{"config":{"mediaType":"x","digest":"sha512:12","size":1},"layers":[]}""", "no sha256 digest")]
    [TestCase("""{"config":{"mediaType":"x","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":-1},"layers":[]}""", "no valid size")]
    [TestCase("""{"config":{},"config":{},"layers":[]}""", "not valid JSON")]
    [TestCase("""{"config":{"mediaType":"x","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1},"layers":{}}""", "'layers' is not an array")]
    public void A_broken_manifest_says_what_is_wrong(string text, string expected)
    {
        Assert.That(() => ImageManifest.Parse(Encoding.UTF8.GetBytes(text), MediaTypes.OciManifest),
            Throws.TypeOf<FormatException>().With.Message.Contains(expected));
    }

    [Test]
    public void Nesting_without_end_is_refused()
    {
        var text = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);

        Assert.That(() => ImageConfig.Parse(Encoding.UTF8.GetBytes(text)), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void An_index_offers_the_fitting_image_and_hides_attestations()
    {
        var index = ImageIndex.Of(ManifestFamily.Oci, [
            new Descriptor(MediaTypes.OciManifest, A, 1) { Platform = Platform.LinuxAmd64 },
            new Descriptor(MediaTypes.OciManifest, B, 2) { Platform = new Platform("linux", "arm64", "v8") },
            new Descriptor(MediaTypes.OciManifest, A, 3) { Platform = new Platform("unknown", "unknown") }]);

        var read = ImageIndex.Parse(index.Bytes, index.MediaType);

        Assert.That(read.Select(Platform.LinuxArm64)!.Digest, Is.EqualTo(B));
        Assert.That(read.Select(new Platform("linux", "s390x")), Is.Null);
        Assert.That(read.Platforms.Select(x => x.ToString()), Is.EqualTo(new[] { "linux/amd64", "linux/arm64/v8" }));
    }

    [Test]
    public void A_single_image_without_a_platform_is_offered_to_everybody()
    {
        var index = ImageIndex.Of(ManifestFamily.Oci, [new Descriptor(MediaTypes.OciManifest, A, 1)]);

        Assert.That(index.Select(Platform.LinuxArm64)!.Digest, Is.EqualTo(A));
    }

    private static bool Same(Descriptor x, Descriptor y) => (x.MediaType, x.Digest, x.Size) == (y.MediaType, y.Digest, y.Size);
}
