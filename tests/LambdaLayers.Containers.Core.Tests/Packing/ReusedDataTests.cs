using System.Buffers.Binary;
using CsCheck;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.Core.Tests.Packing.Deflate;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Deflate data of zips in the blob: that they are taken over, and that everything comes out right all the same.</summary>
public sealed class ReusedDataTests
{
    private static readonly string[] Modes = ["Reuse", "Fastest", "Optimal", "Smallest"];

    private static readonly Gen<ZipItem> AnyItem = Gen.Select(
        Contents.Any, Gen.Int[0, 5], Gen.Int[0, 9], Gen.OneOf(Zlib.Strategies), Gen.OneOf(300, 5000, int.MaxValue), Gen.Bool, Gen.Bool,
        (content, kind, level, strategy, flush, descriptor, zip64) => new ZipItem("")
        {
            Content = kind == 0 ? [] : content,
            Method = kind == 1 ? 0 : 8,
            RawData = kind == 1 ? null : Zlib.Deflate(kind == 0 ? [] : content, level, strategy, flush),
            Descriptor = descriptor,
            Zip64 = zip64,
        });

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public async Task Long_deflate_data_are_in_the_blob_as_they_are()
    {
        var raw = Zlib.Deflate(Contents.Text(100_000), flushEvery: 30_000);
        var packer = new LayerPacker();

        var packed = await PackAsync(packer, new ZipItem("a") { Content = Contents.Text(100_000), RawData = raw });

        Assert.That((packer.Reused, packer.Refused), Is.EqualTo((1, 0)));
        // But for the beginning of the last block, which is no longer the last.
        Assert.That(packed.Blob.AsSpan().IndexOf(raw.AsSpan(0, 10_000)), Is.Positive);
        Assert.That(packed["opt/a"].Content, Is.EqualTo(Contents.Text(100_000)));
    }

    [TestCase("Optimal")]
    [TestCase("Smallest")]
    public async Task They_are_not_where_everything_is_to_be_compressed_anew(string mode)
    {
        var packer = new LayerPacker();

        var packed = await PackAsync(packer, mode, new ZipItem("a") { Content = Contents.Text(100_000) });

        Assert.That((packer.Reused, packer.Refused), Is.EqualTo((0, 0)));
        Assert.That(packed["opt/a"].Content, Is.EqualTo(Contents.Text(100_000)));
    }

    [Test]
    public async Task Short_and_stored_data_are_compressed_together()
    {
        var packer = new LayerPacker();
        var items = Enumerable.Range(0, 100).Select(i => new ZipItem($"{i:d3}") { Content = Contents.Text(3000), Method = i % 2 * 8 });

        var packed = await PackAsync(packer, [.. items]);

        Assert.That(packer.Reused, Is.Zero);
        Assert.That(packed.Blob, Has.Length.LessThan(10_000));
    }

    [TestCase("bytes after the end")]
    [TestCase("no end")]
    [TestCase("other length")]
    [TestCase("unreadable")]
    public async Task Data_that_are_not_what_they_should_be_are_compressed_anew(string kind)
    {
        var content = Contents.Text(600_000);
        var raw = Zlib.Deflate(kind == "other length" ? content[1..] : content);
        raw = kind switch
        {
            "bytes after the end" => [.. raw, 0],
            "no end" => raw[..^1],
            _ => raw,
        };
        var packer = new LayerPacker();
        var entry = MemoryTree.File("a", content) with
        {
            Deflated = new DeflatedContent(raw.Length, () => kind == "unreadable" ? throw new IOException() : new MemoryStream(raw)),
        };

        var packed = await Packed.Of(MemoryTree.Of(entry, MemoryTree.File("b", content)), packer: packer);

        Assert.That((packer.Reused, packer.Refused), Is.EqualTo((0, 1)));
        Assert.That(packed["opt/a"].Content, Is.EqualTo(content));
        Assert.That(packed["opt/b"].Content, Is.EqualTo(content));
        ExpectOneMember(packed);
    }

    [Test]
    public void Data_that_lie_are_refused_as_ever()
    {
        var content = Contents.Text(100_000);
        var damaged = Zlib.Deflate(content);
        damaged[damaged.Length / 2] ^= 0x55;

        Refused.With("LLC3015", () => PackAsync(new LayerPacker(), new ZipItem("a") { Content = content, Crc = 1 }));
        Refused.With("LLC3014", () => PackAsync(new LayerPacker(), new ZipItem("a") { Content = content, Size = 99_999 }));
        Assert.That(
            () => PackAsync(new LayerPacker(), new ZipItem("a") { Content = content, RawData = damaged }),
            Throws.InstanceOf<LayersException>());
    }

    [Test]
    public async Task The_number_of_cores_changes_no_byte()
    {
        var zip = new ZipBuilder();
        for (var i = 0; i < 30; i++)
            zip.Add(new ZipItem($"{i:d2}")
            {
                Content = i % 3 == 0 ? Contents.Noise(100_000 * i) : Contents.Text(30_000 * i),
                Method = i % 2 * 8
            });
        var path = zip.Write(_root);

        var digests = new List<string>();
        foreach (var cores in new[] { "1", "2", "8" })
            digests.Add(await PackInChildAsync(path, cores));

        Assert.That(digests, Has.All.EqualTo((await PackAsync(path, new LayerPacker(), "Reuse")).Layer.Digest.ToString()));
    }

    [Test]
    public void Any_zip_comes_out_the_same_in_every_mode() => AnyItem.Array[1, 12].Sample(
        items =>
        {
            var zip = new ZipBuilder();
            for (var i = 0; i < items.Length; i++)
                zip.Add(items[i] with { Name = $"d{i % 3}/{i}" });
            var path = _root.File(Guid.NewGuid().ToString());
            File.WriteAllBytes(path, zip.Build());
            var all = Modes.Select(mode => PackAsync(path, new LayerPacker(), mode).GetAwaiter().GetResult()).ToList();
            foreach (var packed in all)
            {
                Assert.That(packed.Layer.DiffId, Is.EqualTo(all[0].Layer.DiffId));
                ExpectOneMember(packed);
            }

            for (var i = 0; i < items.Length; i++)
                Assert.That(all[0][$"opt/d{i % 3}/{i}"].Content, Is.EqualTo(items[i].Content));
            File.Delete(path);
        },
        iter: 100);

    // Python and Java stop after the first member, and what Lambda does nobody knows.
    private static void ExpectOneMember(Packed packed)
    {
        Assert.That(Zlib.EndOf(packed.Blob[10..]), Is.EqualTo(packed.Blob.Length - 10 - 8));
        Assert.That(packed.Blob[..10], Is.EqualTo(new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 }));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(packed.Blob.AsSpan()[^4..]), Is.EqualTo(packed.Tar.Length));
    }

    private Task<Packed> PackAsync(LayerPacker packer, params ZipItem[] items) => PackAsync(packer, "Reuse", items);

    private async Task<Packed> PackAsync(LayerPacker packer, string mode, params ZipItem[] items)
    {
        var zip = new ZipBuilder();
        foreach (var item in items)
            zip.Add(item);
        return await PackAsync(zip.Write(_root), packer, mode);
    }

    private async Task<string> PackInChildAsync(string zip, string cores)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "LambdaLayers.Containers.RestoreHost.dll");
        var command = new ToolCommand(Tools.Require("dotnet"), [host, _root.Folder($"cache{cores}"), _root.Folder($"work{cores}"), zip])
        {
            Environment = new Dictionary<string, string?> { ["DOTNET_PROCESSOR_COUNT"] = cores },
        };
        var result = await ToolRunner.RunAsync(command, CancellationToken.None);
        return result.StandardOutput.Trim().Split('\n')[^1];
    }

    private static async Task<Packed> PackAsync(string zip, LayerPacker packer, string mode)
    {
        using var tree = ZipTree.Open(zip);
        return await Packed.Of(tree, Packed.Options with { Compression = Compression.Parse(mode) }, packer);
    }
}
