using System.Formats.Tar;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using MediaTypes = LambdaLayers.Containers.Core.Oci.MediaTypes;

namespace LambdaLayers.Containers.Core.Tests.Packing.Rootfs;

public sealed class ReuseRulesTests
{
    private static TarBuilder Good() => new TarBuilder()
        .Folder("opt/").Folder("opt/extensions/").File("opt/extensions/agent", "#!/bin/sh\n", 0x1ED)
        .File("opt/b", "b").HardLink("opt/c", "opt/b").Link("opt/a", "b");

    private static async Task<string?> WhyAsync(TarBuilder layer, string path = "/opt")
    {
        var content = await Layered.ReadAsync([Layered.Blob(layer.ToArray())], path);
        return content.WhyRepacked;
    }

    [Test]
    public async Task Layers_that_follow_the_rules_are_used_as_they_are()
    {
        var (first, second) = (Layered.Blob(Good().ToArray()), Layered.Blob(new TarBuilder().Folder("opt/").File("opt/z").ToArray()));

        var content = await Layered.ReadAsync([first, second], "/opt");

        Assert.That(content.WhyRepacked, Is.Null);
        Assert.That(content.Reusable.Select(p => p.Digest), Is.EqualTo([first.Blob.Digest, second.Blob.Digest]));
        Assert.That(content.Reusable.Select(p => p.DiffId), Is.EqualTo([first.DiffId, second.DiffId]));
        Assert.That(content.Reusable[0].Size, Is.EqualTo(first.Blob.Size));
    }

    [Test]
    public async Task Their_facts_are_those_of_a_packed_layer()
    {
        var content = await Layered.ReadAsync([Layered.Blob(Good().ToArray())], "/opt");
        using var root = new TempRoot();
        using var tree = await content.OpenTreeAsync("/opt", new ContentCache(new CachePaths(root.Path)), default);
        var packed = await Packed.Of(tree);

        var facts = content.Reusable[0].Facts;

        Assert.That(facts.Extensions, Is.EqualTo(["agent"]));
        Assert.That(
            (facts.Files, facts.UncompressedSize, facts.HasBootstrap, facts.Warnings.Count),
            Is.EqualTo((packed.Layer.Facts.Files, packed.Layer.Facts.UncompressedSize, false, 0)));
    }

    [Test]
    public async Task An_empty_layer_is_left_out()
    {
        var content = await Layered.ReadAsync([Layered.Blob(new byte[1024]), Layered.Blob(Good().ToArray())], "/opt");

        Assert.That((content.WhyRepacked, content.Reusable.Count), Is.EqualTo(((string?)null, 1)));
    }

    [Test]
    public async Task One_layer_that_breaks_a_rule_makes_all_of_them_packed()
    {
        var bad = Layered.Blob(new TarBuilder().File("opt/x").ToArray());

        var content = await Layered.ReadAsync([Layered.Blob(Good().ToArray()), bad], "/opt");

        Assert.That(content.WhyRepacked, Does.Contain("'opt/x' comes without its folder"));
    }

    [Test]
    public async Task Gnu_headers_are_allowed()
    {
        var name = "opt/" + new string('n', 120);

        Assert.That(await WhyAsync(new TarBuilder(TarEntryFormat.Gnu).Folder("opt/").File(name, "x")), Is.Null);
    }

    [Test]
    public async Task A_target_below_opt_allows_its_parents()
    {
        var layer = () => new TarBuilder().Folder("opt/").Folder("opt/tools/").File("opt/tools/x");

        Assert.That(await WhyAsync(layer(), "/opt/tools"), Is.Null);
        Assert.That(await WhyAsync(layer().File("opt/y"), "/opt/tools"), Does.Contain("'opt/y' is not under '/opt/tools/'"));
    }

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case(new TarBuilder().File("opt/x"), "without its folder");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/d/x"), "without its folder");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/d/x").Folder("opt/d/"), "without its folder");
        yield return Case(new TarBuilder().Folder("opt/").File("etc/x"), "not under");
        yield return Case(new TarBuilder().Folder("./opt/").File("./opt/x"), "not under");
        yield return Case(new TarBuilder().Folder("/opt/").File("/opt/x"), "not under");
        yield return Case(new TarBuilder(TarEntryFormat.Pax).Folder("opt/").File("opt/x"), "PAX");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/x", "", 0x180), "mode 600");
        yield return Case(new TarBuilder().Folder("opt/", 0x1C0), "mode 700");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/x", "", 0x9ED), "mode 4755");
        yield return Case(new TarBuilder().Folder("opt/").Folder("opt/extensions/").File("opt/extensions/x", "#!", 0x1A4), "mode 644");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/x").File("opt/x"), "twice");
        yield return Case(new TarBuilder().Folder("opt/").Link("opt/d", "/x").File("opt/d/x"), "without its folder");
        yield return Case(new TarBuilder().Folder("opt/").File("opt/.wh.x"), "not under");
        yield return Case(new TarBuilder().Folder("opt/").HardLink("opt/l", "opt/x").File("opt/x"), "hard link");
        yield return Case(new TarBuilder().File(".no.prefetch.landmark").Folder("opt/"), "not under");
        yield return Case(new TarBuilder().Folder("opt/").Special(TarEntryType.RegularFile, "opt/x", e => e.Uid = 1000), "owner");
        yield return Case(
            new TarBuilder().Folder("opt/").Special(TarEntryType.RegularFile, "opt/x", e => ((UstarTarEntry)e).GroupName = "root"),
                "owner");

        static TestCaseData Case(TarBuilder layer, string why) => new(layer, why);
    }

    [TestCaseSource(nameof(Broken))]
    public async Task A_broken_rule_is_named(TarBuilder layer, string why)
    {
        // A hard link to what is nowhere, or a path through a link, may be refused later; here only the blob is judged.
        Assert.That(await WhyAsync(layer), Does.Contain(why));
    }

    [Test]
    public async Task The_compression_must_be_plain_gzip()
    {
        var tar = Good().ToArray();
        var gzip = LayerBlobs.Gzip(tar);
        var dated = gzip.ToArray();
        dated[4] = 1;
        var cases = new (byte[] Blob, string MediaType, string Why)[]
        {
            (LayerBlobs.GzipMembers(tar, 1000), MediaTypes.OciLayerGzip, "several members"),
            ([.. LayerBlobs.EmptyMember, .. gzip], MediaTypes.OciLayerGzip, "several members"),
            ([.. gzip, .. LayerBlobs.EmptyMember], MediaTypes.OciLayerGzip, "several members"),
            (dated, MediaTypes.OciLayerGzip, "a time"),
            (LayerBlobs.Zstd(tar), MediaTypes.OciLayerZstd, "zstd"),
            (LayerBlobs.Zstd(tar), MediaTypes.OciLayerGzip, "not compressed with gzip"),
            (tar, MediaTypes.DockerLayer, "'application/vnd.docker.image.rootfs.diff.tar'"),
            (gzip, MediaTypes.DockerForeignLayerGzip, "foreign"),
        };

        foreach (var (blob, mediaType, why) in cases)
        {
            var content = await Layered.ReadAsync([Layered.Blob(tar, blob, mediaType)], "/opt");

            Assert.That(content.WhyRepacked, Does.Contain(why), mediaType);
        }
    }

    [Test]
    public async Task A_tar_without_its_end_is_packed_again()
    {
        var tar = Good().ToArray();

        var content = await Layered.ReadAsync([Layered.Blob(tar[..^512])], "/opt");

        Assert.That(content.WhyRepacked, Does.Contain("two empty blocks"));
    }

    [Test]
    public async Task Another_target_than_source_makes_a_layer_packed()
    {
        var content = await Layered.ReadAsync([Layered.Blob(Good().ToArray())]);

        Assert.That(content.WhyRepacked, Is.Not.Null);
        Assert.That(content.Reusable, Is.Empty);
    }

    [Test]
    public async Task A_global_PAX_header_is_not_used_as_it_is()
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "x" }));
        byte[] tar = [.. bytes.ToArray()[..^1024], .. Good().ToArray()];

        var content = await Layered.ReadAsync([Layered.Blob(tar)], "/opt");

        Assert.That(content.WhyRepacked, Does.Contain("global PAX header"));
    }

    [Test]
    public async Task An_entry_of_type_7_is_not_used_as_it_is()
    {
        var tar = Good().ToArray();
        var header = tar.AsSpan(3 * 512 + 512, 512); // opt/b, after two folders and a file with one block
        Assert.That(Encoding.ASCII.GetString(header[..5]), Is.EqualTo("opt/b"));
        header[156] = (byte)'7';
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);

        var content = await Layered.ReadAsync([Layered.Blob(tar)], "/opt");

        Assert.That(content.WhyRepacked, Does.Contain("type 7"));
        Assert.That(content.Files.Find("/opt/b")!.Kind, Is.EqualTo(Core.Packing.EntryKind.File));
    }
}
