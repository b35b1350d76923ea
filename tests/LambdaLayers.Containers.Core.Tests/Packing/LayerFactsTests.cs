using System.Text.Json;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

public sealed class LayerFactsTests
{
    private static readonly LayerTree Full = new([
        MemoryTree.File("extensions/z", FileSignatureTests.Elf(62)),
        MemoryTree.File("extensions/a", "#!/bin/sh\r\n"),
        MemoryTree.Link("extensions/l", "../lib/x"),
        MemoryTree.File("extensions/README.md", "hello"),
        MemoryTree.File("extensions/sub/notes.txt", "hello"),
        MemoryTree.File("lib/a.so", FileSignatureTests.Elf(183)),
        MemoryTree.File("lib/b.so", FileSignatureTests.Elf(183)),
        MemoryTree.File("dotnetcore/store/x64/net10.0/artifact.xml", "<x/>"),
        MemoryTree.File("dotnetcore/store/artifact.xml", "<x/>"),
        MemoryTree.File("lib/artifact.xml", "<x/>"),
        MemoryTree.File("bootstrap", "#!/bin/sh\n"),
    ]);

    [Test]
    public async Task Facts_are_gathered_while_packing()
    {
        var facts = (await Packed.Of(Full)).Layer.Facts;

        Assert.That(facts.Files, Is.EqualTo(11));
        Assert.That(facts.UncompressedSize, Is.EqualTo((3 * 64) + 11 + 5 + 5 + 4 + 4 + 4 + 10));
        Assert.That(facts.Extensions, Is.EqualTo(["README.md", "a", "l", "z"]));
        Assert.That(facts.NativeFiles, Is.EqualTo(new Dictionary<string, string>
        {
            ["arm64"] = "/opt/lib/a.so",
            ["x64"] = "/opt/extensions/z",
        }));
        Assert.That(facts.StoreManifests, Is.EqualTo(
            ["/opt/dotnetcore/store/artifact.xml", "/opt/dotnetcore/store/x64/net10.0/artifact.xml"]));
        Assert.That(facts.Stores, Is.EqualTo(["/opt/dotnetcore/store"]));
        Assert.That(facts.HasBootstrap, Is.True);
    }

    [Test]
    public async Task Programs_directly_in_opt_can_be_wrapper_scripts()
    {
        var tree = MemoryTree.Of(
            MemoryTree.File("otel-instrument", "#!/bin/bash\n"), MemoryTree.File("README", "text"),
                MemoryTree.File("bin/tool", "#!/bin/sh\n"),
            MemoryTree.File("solarwinds-apm/wrapper", "#!/bin/sh\n"), MemoryTree.File("bootstrap", "#!/bin/sh\n"));

        Assert.That(
            (await Packed.Of(tree)).Layer.Facts.Programs,
                Is.EqualTo(["/opt/bootstrap", "/opt/otel-instrument", "/opt/solarwinds-apm/wrapper"]));
    }

    [Test]
    public async Task Warnings_name_what_Lambda_would_fail_with()
    {
        var warnings = (await Packed.Of(Full)).Layer.Facts.Warnings;

        Assert.That(warnings.Select(w => w.Code), Is.EqualTo(["LLC3102", "LLC3101"]));
        Assert.That(warnings[0].Message, Does.Contain("/opt/extensions/README.md"));
        Assert.That(warnings[1].Message, Does.Contain("/opt/extensions/a"));
    }

    [Test]
    public async Task The_target_path_decides_what_is_an_extension()
    {
        var tree = MemoryTree.Of(MemoryTree.File("extensions/x", "data"), MemoryTree.File("bootstrap", "#!/bin/sh\r\n"));

        var elsewhere = (await Packed.Of(tree, Packed.Options with { TargetPath = "/opt/tools" })).Layer.Facts;
        var below = (await Packed.Of(MemoryTree.Of(MemoryTree.File("x", "data")), Packed.Options with { TargetPath = "/opt/extensions" }))
            .Layer.Facts;

        Assert.That((elsewhere.Extensions.Count, elsewhere.HasBootstrap, elsewhere.Warnings.Count), Is.EqualTo((0, false, 0)));
        Assert.That((below.Extensions, below.Warnings.Single().Code), Is.EqualTo((new[] { "x" }, "LLC3102")));
    }

    [Test]
    public async Task A_layer_without_files_is_worth_a_warning()
    {
        var facts = (await Packed.Of(MemoryTree.Of(MemoryTree.Folder("lib")))).Layer.Facts;

        Assert.That(facts.Warnings.Single().Code, Is.EqualTo("LLC3103"));
    }

    [Test]
    public async Task A_packed_layer_comes_back_from_JSON_with_everything()
    {
        var packed = (await Packed.Of(Full)).Layer;

        var json = JsonSerializer.Serialize(packed, PackingJson.Default.PackedLayer);
        var read = JsonSerializer.Deserialize(json, PackingJson.Default.PackedLayer)!;

        Assert.That(json, Does.StartWith($"{{\"digest\":\"{packed.Digest}\",").And.Not.Contain("helpLink"));
        Assert.That(JsonSerializer.Serialize(read, PackingJson.Default.PackedLayer), Is.EqualTo(json));
        Assert.That((read.Digest, read.DiffId, read.Size), Is.EqualTo((packed.Digest, packed.DiffId, packed.Size)));
        Assert.That(read.Facts.Warnings, Is.EqualTo(packed.Facts.Warnings));
        Assert.That(read.Facts.NativeFiles, Is.EqualTo(packed.Facts.NativeFiles));
    }

    [TestCase("{}")]
    [TestCase("""{"digest":"sha256:1","diffId":"sha256:1","size":1,"facts":{}}""")]
    [TestCase("""{"digest":null,"diffId":null,"size":1,"facts":null}""")]
    public void JSON_that_is_not_a_packed_layer_is_an_error(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, PackingJson.Default.PackedLayer));
    }
}
