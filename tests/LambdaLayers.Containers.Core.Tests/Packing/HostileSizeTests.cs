using System.Formats.Tar;
using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Packing.Tar;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.Core.Tests.Packing.Rootfs;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>Small inputs that are made to take much memory or time, against the limits that hold in the product.</summary>
[NonParallelizable]
public sealed class HostileSizeTests
{
    private const long Megabyte = 1 << 20;

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void Zip_entries_thousands_of_folders_deep()
    {
        var zip = new ZipBuilder();
        for (var i = 0; i < 100; i++)
            zip.File($"{i}/" + string.Join('/', Enumerable.Repeat("d", 2040)));

        Refused.With("LLC3072", () => ZipTree.Open(zip.Write(_root)));
    }

    [Test]
    public void Zip_entries_that_need_many_folders_with_long_names()
    {
        var zip = new ZipBuilder();
        for (var i = 0; i < 1000; i++)
            zip.File($"{i}/" + string.Join('/', Enumerable.Repeat("folder-with-a-name", 190)));
        using var tree = ZipTree.Open(zip.Write(_root));
        var before = GC.GetTotalAllocatedBytes();

        Refused.With("LLC3073", () => LayerPlacement.Place(tree.Entries, "/opt"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(200 * Megabyte));
    }

    [Test]
    public void Folders_that_are_made_count_as_entries()
    {
        LayerEntry[] files = [.. Enumerable.Range(0, 20).Select(i => MemoryTree.File($"{i}/a/b/c"))];

        Refused.With("LLC3070", () => LayerPlacement.Place(files, "/opt", new Limits { Entries = 80 }), "81 entries");
        Assert.That(LayerPlacement.Place(files, "/opt", new Limits { Entries = 81 }), Has.Count.EqualTo(81));
    }

    [Test]
    public async Task As_many_zip_entries_as_ten_megabytes_hold()
    {
        const int count = 110_000;
        var path = _root.File("many.zip");
        await File.WriteAllBytesAsync(path, ManyEntries(count));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var tree = ZipTree.Open(path);
        var placed = LayerPlacement.Place(tree.Entries, "/opt");

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(placed, Has.Count.EqualTo(count + 1));
        Assert.That(taken, Is.LessThan(100 * Megabyte), $"{taken / count} bytes an entry");
    }

    [Test]
    public async Task Link_targets_of_a_megabyte()
    {
        var tar = new TarBuilder(TarEntryFormat.Gnu);
        for (var i = 0; i < 100; i++)
            tar.Link($"opt/{i}", new string('t', (1 << 20) - 1));
        var layer = Layered.Blob(tar.ToArray());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var content = await Layered.ReadAsync([layer]);

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(10 * Megabyte));
        Refused.With("LLC3063", () => SourceEntries.Of(content.Files, "/opt", Limits.Default));
    }

    [Test]
    public void Hard_link_targets_of_a_megabyte()
    {
        var files = new ImageFileSystem(Limits.Default);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 100; i++)
            files.Apply(new TarItem(TarItem.HardLink, $"opt/{i}") { LinkName = new string('t', 1 << 20) }, 0, i);

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(10 * Megabyte));
        Refused.With("LLC3062", () => SourceEntries.Of(files, "/opt", Limits.Default));
    }

    [Test]
    public void Names_of_four_kilobytes()
    {
        var files = new ImageFileSystem(Limits.Default);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rest = string.Join('/', Enumerable.Repeat(new string('n', 250), 15));

        Refused.With("LLC3205", () =>
        {
            for (var i = 0; i < 200_000; i++)
                files.Apply(new TarItem(TarItem.File, $"{i}/{rest}"), 0, i);
        }, "bytes of names");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(100 * Megabyte));
    }

    [Test]
    public void Names_that_Linux_cannot_hold_are_refused_when_they_are_read()
    {
        var files = new ImageFileSystem(Limits.Default);

        Refused.With("LLC3056", () => files.Apply(new TarItem(TarItem.File, new string('é', 128)), 0, 0));
        Refused.With("LLC3056", () => files.Apply(new TarItem(TarItem.File, string.Concat(Enumerable.Repeat("é/", 1366))), 0, 0));
    }

    [Test]
    public void As_many_image_entries_as_are_taken()
    {
        var files = new ImageFileSystem(Limits.Default);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Refused.With("LLC3205", () =>
        {
            for (var i = 0; i < int.MaxValue; i++)
                files.Apply(new TarItem(i % 2 == 0 ? TarItem.Folder : TarItem.File, i % 2 == 0 ? $"opt/{i:x}" : $"opt/{i - 1:x}/a"), 0, i);
        }, "entries");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(200 * Megabyte));
        GC.KeepAlive(files);
    }

    [Test]
    public void Opaque_markers_without_end()
    {
        var files = new ImageFileSystem(Limits.Default);

        // Steps are counted, so that looking through all folders for every marker would be refused.
        for (var i = 0; i < 60_000; i++)
            files.Apply(new TarItem(TarItem.Folder, $"opt/{i}"), 0, i);
        for (var i = 0; i < 60_000; i++)
            files.Apply(new TarItem(TarItem.File, "opt/.wh..wh..opq"), 1, 2 * i);
        for (var i = 0; i < 60_000; i++)
            files.Apply(new TarItem(TarItem.File, $"opt/{i}/.wh..wh..opq"), 2, i);

        Assert.That(files.Find("/opt")!.Entries, Is.Empty);
    }

    [Test]
    public void Paths_through_long_links()
    {
        var files = new ImageFileSystem(Limits.Default);
        files.Apply(new TarItem(TarItem.Folder, "d"), 0, 0);
        var detour = string.Concat(Enumerable.Repeat("d/../", 400));
        files.Apply(new TarItem(TarItem.SymbolicLink, "l0") { LinkName = detour + "d" }, 0, 0);
        for (var i = 1; i < 40; i++)
            files.Apply(new TarItem(TarItem.SymbolicLink, $"l{i}") { LinkName = $"{detour}l{i - 1}" }, 0, 0);

        Refused.With("LLC3205", () =>
        {
            for (var i = 0; i < 20_000; i++)
                files.Apply(new TarItem(TarItem.File, $"l39/{i}"), 0, i);
        }, "steps");
    }

    [Test]
    public void Folders_without_end()
    {
        var deep = new TarBuilder(TarEntryFormat.Pax).File(string.Join('/', Enumerable.Repeat("d", 300)));

        Refused.With("LLC3201", () => Layered.ReadAsync([Layered.Blob(deep.ToArray())]), "200 deep");
    }

    [Test]
    public async Task Little_data_that_unpacks_to_much()
    {
        var limits = new Limits { FreelyUnpackedBytes = Megabyte, Expansion = 100 };
        var (noise, zeros) = (new byte[Megabyte / 50], new byte[2 * Megabyte]);
        new Random(1).NextBytes(noise);
        var bomb = new TarBuilder().File("opt/zeros", zeros).ToArray();
        var honest = new TarBuilder().File("opt/zeros", zeros).File("opt/noise", noise).ToArray();

        Refused.With("LLC3074", () => ZipTree.Open(new ZipBuilder().File("zeros", zeros).Write(_root), limits));
        Refused.With("LLC3205", () => Layered.ReadAsync([Layered.Blob(bomb)], null, limits), "bytes, unpacked");
        Assert.That((await Layered.ReadAsync([Layered.Blob(honest)], null, limits)).Files.Find("/opt/noise"), Is.Not.Null);
        using var tree = ZipTree.Open(new ZipBuilder().File("zeros", zeros).File("noise", noise).Write(_root), limits);
        Assert.That(tree.Entries, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_same_layer_many_times_counts_once_as_what_may_unpack()
    {
        var layer = Layered.Blob(new TarBuilder().File("opt/zeros", new byte[Megabyte]).ToArray());

        Refused.With(
            "LLC3205",
            () => Layered.ReadAsync(Enumerable.Repeat(layer, 20), null, new Limits { FreelyUnpackedBytes = 10 * Megabyte, Expansion = 1 }),
            "10,485,760 bytes, unpacked");
    }

    [Test]
    public void An_image_that_is_too_large_by_its_manifest_is_refused_before_a_byte_of_it_is_read()
    {
        var layers = Enumerable.Range(0, 512).Select(i => new ImageLayerBlob(
            new Core.Oci.Descriptor(Core.Oci.MediaTypes.OciLayerGzip, Digest.Of(Encoding.ASCII.GetBytes($"{i}")), 10L << 30),
            Digest.Of("tar"u8),
            _ => throw new InvalidOperationException("it was opened")));

        Refused.With("LLC3205", () => Layered.ReadAsync(layers), "bytes, compressed");
    }

    private static byte[] ManyEntries(int count)
    {
        var zip = new ZipBuilder();
        for (var i = 0; i < count; i++)
            zip.Add(new ZipItem(i.ToString("x5", CultureInfo.InvariantCulture)) { Method = 0 });
        return WithZip64(zip.Build(), count);
    }

    // The end of a zip with more entries than the end record can count.
    private static byte[] WithZip64(byte[] zip, long count)
    {
        var size = BitConverter.ToUInt32(zip, zip.Length - 10);
        var offset = BitConverter.ToUInt32(zip, zip.Length - 6);
        zip.AsSpan(zip.Length - 14, 4).Fill(0xFF);
        return
        [
            .. zip[..^22],
            .. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8],
            .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(count),
            .. BitConverter.GetBytes((long)size), .. BitConverter.GetBytes((long)offset),
            .. "PK\u0006\u0007"u8, .. new byte[4], .. BitConverter.GetBytes(zip.Length - 22L), 1, 0, 0, 0,
            .. zip[^22..],
        ];
    }
}
