using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing.Zip;

/// <summary>
/// The kinds of zips that readers read differently, by "My ZIP isn't your ZIP" (You et al., USENIX Security 2025), whose
/// names for them are in the names of the tests. None of them becomes a layer.
/// </summary>
public sealed class AmbiguousZipTests
{
    private static readonly byte[] Text = "some text that is long enough to be compressed, compressed, compressed"u8.ToArray();

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void A1_compression_methods_that_disagree()
    {
        RefusedZip("LLC3013", new ZipBuilder().Add(new ZipItem("x") { Content = Text, LocalMethod = 0 }), "method");
        RefusedZip("LLC3013", new ZipBuilder().Add(new ZipItem("x") { Content = Text, Method = 0, LocalMethod = 8 }), "method");
    }

    [Test]
    public void A2_sizes_that_disagree()
    {
        var item = new ZipItem("x") { Content = Text };

        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalSize = 0 }), "size");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalCrc = 0 }), "checksum");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalExtra = Zip64(5, 5) }), "size");
        RefusedZip("LLC3006", new ZipBuilder().Add(item with { CentralExtra = Zip64(5, 5) }));
        RefusedZip("LLC3006", new ZipBuilder().Add(item with { Zip64 = true, CentralExtra = Zip64(0, 0) }));
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { Zip64 = true, LocalExtra = Zip64(0, 0) }), "size");
    }

    [TestCase(4, "checksum")]
    [TestCase(8, "size")]
    [TestCase(12, "size")]
    public void A2_descriptors_that_disagree(int offset, string what)
    {
        var zip = new ZipBuilder().Add(new ZipItem("x") { Content = Text, Descriptor = true }).Build();
        zip[Find(zip, "PK\u0007\u0008"u8) + offset] ^= 1;

        RefusedBytes("LLC3013", zip, what);
    }

    [Test]
    public void A2_stored_data_that_ends_twice()
    {
        byte[] early = [.. "abc"u8, .. "PK\u0007\u0008"u8, .. BitConverter.GetBytes(Crc32.HashToUInt32("abc"u8)), 3, 0, 0, 0, 3, 0, 0, 0,
            .. Text];

        RefusedZip("LLC3013", new ZipBuilder().Add(new ZipItem("x") { Content = early, Method = 0, Descriptor = true }), "size");
        // Far into the data, across the reader's buffers.
        byte[] late = [.. new byte[65_530], .. "PK\u0007\u0008"u8, 1, 2, 3, 4, .. BitConverter.GetBytes(65_530), .. new byte[70_000]];
        RefusedZip("LLC3013", new ZipBuilder().Add(new ZipItem("x") { Content = late, Method = 0, Descriptor = true }), "size");
    }

    [Test]
    public void A3_names_that_disagree()
    {
        var raw = "original"u8.ToArray();
        var item = new ZipItem("original") { Content = Text };
        ZipItem Both(byte[] field) => item with { CentralExtra = field, LocalExtra = field };

        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalName = "other" }), "name");
        RefusedZip("LLC3023", new ZipBuilder().Add(Both(UnicodePath(raw, "up"))), "Unicode");
        RefusedZip("LLC3023", new ZipBuilder().Add(Both(UnicodePath("other"u8, "original"))), "Unicode");
        RefusedZip("LLC3023", new ZipBuilder().Add(Both(UnicodePath(raw, "original", version: 2))), "Unicode");
        RefusedZip("LLC3023", new ZipBuilder().Add(Both([.. UnicodePath(raw, "original"), .. UnicodePath(raw, "up")])), "two");
        RefusedZip("LLC3023", new ZipBuilder().Add(Both(UnicodePath(raw, "up")) with { Flags = 0x800 }), "Unicode");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalExtra = UnicodePath(raw, "original") }), "name");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { CentralExtra = UnicodePath(raw, "original") }), "name");
        AcceptedZip(new ZipBuilder().Add(Both(UnicodePath(raw, "original"))));
    }

    [Test]
    public void A4_kinds_that_disagree()
    {
        RefusedZip("LLC3017", new ZipBuilder().Add(new ZipItem("test/") { Content = Text }));
        RefusedZip("LLC3017", new ZipBuilder().Add(new ZipItem("test\\") { Content = Text, Host = 0, Mode = null }));
        foreach (var host in (byte[])[0, 3, 19])
        {
            RefusedZip("LLC3021", new ZipBuilder()
                .Add(new ZipItem("test") { Content = Text, Host = host, Mode = null, DosAttributes = 0x10 }));
            RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("test") { Content = Text, Host = host, Mode = ZipItem.Folder }));
        }

        RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("link") { Content = Text, Host = 0, Mode = ZipItem.Link | 0x1FF }));
        var link = new ZipItem("link") { Content = Text, Mode = ZipItem.Link | 0x1FF };
        AcceptedZip(new ZipBuilder().Add(link));
        RefusedZip("LLC3021", new ZipBuilder().Add(link with { Host = 19 }));
        RefusedZip("LLC3021", new ZipBuilder().Add(link with { DosAttributes = 0x10 }));
        RefusedZip("LLC3021", new ZipBuilder().Add(link with { InternalAttributes = 4 }));
        RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("test") { Content = Text, InternalAttributes = 2 }));
        RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("test") { Content = Text, Host = 0, Mode = null, DosAttributes = 8 }));
        AcceptedZip(new ZipBuilder().Add(new ZipItem("test") { Content = Text, InternalAttributes = 1 }));
        foreach (var none in (int[])[0x3000, 0x5000, 0x7000, 0x9000, 0xB000, 0xD000, 0xE000, 0xF000])
            RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("test") { Content = Text, Mode = none | 0x1A4 }));
        RefusedZip("LLC3023", new ZipBuilder().Add(new ZipItem(".") { Content = Text }), "root");
    }

    [Test]
    public void A5_encryption_that_disagrees()
    {
        var zip = new ZipBuilder().File("x", Text).Build();
        var central = Find(zip, "PK\u0001\u0002"u8);

        RefusedBytes("LLC3013", Changed(zip, 6, 1), "encryption");
        RefusedBytes("LLC3013", Changed(zip, central + 8, 1), "encryption");
    }

    [Test]
    public void B1_duplicates()
    {
        RefusedZip("LLC3022", new ZipBuilder().File("test", "a").File("test", "b"), "'test'");
        RefusedZip("LLC3022", new ZipBuilder().File("test", "a").File("test", "a"));
        RefusedZip("LLC3022", new ZipBuilder().Link("test", "a").File("test", "b"));
        RefusedZip("LLC3059", new ZipBuilder().File("test", "a").Folder("test"));
    }

    [TestCase("a\nb", 3, "LLC3023")]
    [TestCase("a\u001bb", 0, "LLC3023")]
    [TestCase("a\u007fb", 3, "LLC3023")]
    [TestCase("a\u0085b", 3, "LLC3023")]
    [TestCase("a\\b", 3, "LLC3053")]
    [TestCase("a\0b", 0, "LLC3054")]
    public void B2_names_with_letters_that_readers_replace(string name, byte host, string code) =>
        RefusedZip(code, new ZipBuilder().Add(new ZipItem(name) { Host = host, Mode = null }));

    [Test]
    public void B2_names_in_no_known_encoding() =>
        RefusedZip("LLC3061", new ZipBuilder().Add(new ZipItem("") { RawName = [0x61, 0xE9, 0x62] }));

    [TestCase("/a/b", "LLC3050")]
    [TestCase("a//b", "LLC3055")]
    [TestCase("a\\b", "LLC3053")]
    [TestCase("./a/b", "LLC3022")]
    [TestCase("a/./b", "LLC3023")]
    [TestCase("a/b/.", "LLC3023")]
    [TestCase("././a/b", "LLC3023")]
    [TestCase("../a/b", "LLC3052")]
    [TestCase("c/../a/b", "LLC3052")]
    public void B3_names_that_mean_the_same_to_some(string name, string code)
    {
        RefusedZip(code, new ZipBuilder().File("a/b", "a").File(name, "b"));
        RefusedZip(code, new ZipBuilder().File(name, "a").File("a/b", "b"));
    }

    // Linux has room for both, and all readers there see two files; layers with such names are real.
    [Test]
    public void B4_names_that_differ_in_case_are_two_files() => AcceptedZip(new ZipBuilder().File("test.txt", "a").File("test.TXT", "b"));

    [Test]
    public void C1_local_entries_that_the_directory_lacks()
    {
        var zip = new ZipBuilder().File("a", Text).File("b", Text).Build();
        var (first, second) = (Find(zip, "PK\u0001\u0002"u8), FindLast(zip, "PK\u0001\u0002"u8));
        byte[] lastHidden = [.. zip[..second], .. zip[^22..]];
        byte[] firstHidden = [.. zip[..first], .. zip[second..]];

        RefusedBytes("LLC3019", WithEnd(lastHidden, count: 1, size: second - first), "after the entry 'a'");
        RefusedBytes("LLC3019", WithEnd(firstHidden, count: 1, size: second - first), "at its beginning");
    }

    [Test]
    public void C1_bytes_between_entries_and_around_them()
    {
        var zip = new ZipBuilder().File("a", Text).Build();
        var central = Find(zip, "PK\u0001\u0002"u8);
        byte[] before = [.. new byte[10], .. zip];
        BinaryPrimitives.WriteUInt32LittleEndian(before.AsSpan(10 + central + 42), 10);
        byte[] behind = [.. zip[..central], .. new byte[7], .. zip[central..]];

        RefusedBytes("LLC3019", WithEnd(before, offset: central + 10), "10 bytes at its beginning");
        RefusedBytes("LLC3019", WithEnd(behind, offset: central + 7), "7 bytes after");
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(100)]
    public void C1_bytes_behind_deflate_data(int count)
    {
        var item = new ZipItem("x") { Content = Text, RawData = [.. ZipBuilder.Deflate(Text), .. new byte[count]] };

        RefusedZip("LLC3016", new ZipBuilder().Add(item));
        RefusedZip("LLC3016", new ZipBuilder().Add(item with { Descriptor = true }));
    }

    [Test]
    public void C1_entries_inside_comments()
    {
        var zip = new ZipBuilder { Comment = new ZipBuilder().File("b", Text).Build()[..^22] }.File("a", Text).File("b", Text).Build();
        var moved = Find(zip.AsSpan(0, FindLast(zip, "PK\u0005\u0006"u8)), "PK\u0001\u0002"u8);
        var second = moved + 46 + 1;
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(second + 42), (uint)(FindLast(zip, "PK\u0005\u0006"u8) + 22));

        RefusedBytes("LLC3018", zip, "'b'");
    }

    [Test]
    public void C2_two_end_records()
    {
        var (one, two) = (new ZipBuilder().File("a", Text).Build(), new ZipBuilder().File("b", Text).Build());

        RefusedBytes("LLC3020", [.. one, .. two], "does not end where");
        RefusedZip("LLC3020", new ZipBuilder { Comment = two }.File("a", Text));
        RefusedZip("LLC3020", new ZipBuilder { Comment = [.. "PK\u0005\u0006"u8, .. new byte[40]] }.File("a", Text), "comment");
        RefusedBytes("LLC3019", [.. one, .. Moved(two, one.Length)], "at its beginning");
    }

    [Test]
    public void C3_numbers_of_entries_that_disagree()
    {
        var zip = new ZipBuilder().File("a", Text).File("b", Text).Build();

        RefusedBytes("LLC3020", Changed(zip, zip.Length - 14, 3), "numbers of entries");
        RefusedBytes("LLC3020", Changed(zip, zip.Length - 12, 3), "numbers of entries");
        RefusedBytes("LLC3006", WithEnd([.. zip], count: 1));
        RefusedBytes("LLC3020", WithEnd([.. zip], count: 1, size: 47), "does not end where");
    }

    [Test]
    public void C4_a_directory_that_is_not_where_both_its_offset_and_its_size_say()
    {
        var zip = new ZipBuilder().File("a", Text).Build();
        var central = Find(zip, "PK\u0001\u0002"u8);
        byte[] twice = [.. zip[..^22], .. zip[central..^22], .. zip[^22..]];

        RefusedBytes("LLC3020", twice, "does not end where");
        RefusedBytes("LLC3019", WithEnd([.. twice], offset: zip.Length - 22), "after the entry 'a'");
    }

    [Test]
    public void C5_Zip64_records_that_say_something_else()
    {
        var zip = new ZipBuilder().File("a", Text).File("b", Text).Build();
        var central = Find(zip, "PK\u0001\u0002"u8);
        var size = zip.Length - 22 - central;

        Accepted(With64(zip, 2, size, central));
        Accepted(With64(WithEnd([.. zip], 0xFFFF, -1, -1), 2, size, central));
        RefusedBytes("LLC3020", With64(WithEnd([.. zip], 0xFFFF, -1, central - 1), 2, size, central), "Zip64");
        RefusedBytes("LLC3020", With64(WithEnd([.. zip], 1), 2, size, central), "Zip64");
        RefusedBytes("LLC3006", With64(WithEnd([.. zip], 0xFFFF, -1, -1), 1, size, central));
        RefusedBytes("LLC3020", With64(zip, 2, size, central, length: 45), "Zip64");
        RefusedBytes("LLC3007", With64(zip, 2, size, central, disks: 2));
    }

    private static byte[] With64(byte[] zip, long count, long size, long offset, long length = 44, int disks = 1) =>
    [
        .. zip[..^22],
        .. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(length), 45, 0, 45, 0, .. new byte[8],
        .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(offset),
        .. "PK\u0006\u0007"u8, .. new byte[4], .. BitConverter.GetBytes(zip.Length - 22L), .. BitConverter.GetBytes(disks),
        .. zip[^22..],
    ];

    // The end record without a comment; -1 is all ones.
    private static byte[] WithEnd(byte[] zip, int? count = null, int? size = null, int? offset = null)
    {
        var end = zip.AsSpan(zip.Length - 22);
        if (count is { } entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)entries);
            BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)entries);
        }

        if (size is { } length)
            BinaryPrimitives.WriteInt32LittleEndian(end[12..], length);
        if (offset is { } start)
            BinaryPrimitives.WriteInt32LittleEndian(end[16..], start);
        return zip;
    }

    // A zip of one entry as it is when something stands before it and is counted.
    private static byte[] Moved(byte[] zip, int by)
    {
        var central = Find(zip, "PK\u0001\u0002"u8);
        byte[] moved = [.. zip];
        BinaryPrimitives.WriteInt32LittleEndian(moved.AsSpan(central + 42), by);
        return WithEnd(moved, offset: central + by);
    }

    private static byte[] Changed(byte[] zip, int at, byte value)
    {
        byte[] changed = [.. zip];
        changed[at] = value;
        return changed;
    }

    private static int Find(ReadOnlySpan<byte> zip, ReadOnlySpan<byte> signature) => zip.IndexOf(signature);

    private static int FindLast(ReadOnlySpan<byte> zip, ReadOnlySpan<byte> signature) => zip.LastIndexOf(signature);

    private static byte[] Zip64(long size, long compressedSize) =>
        [1, 0, 16, 0, .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(compressedSize)];

    private static byte[] UnicodePath(ReadOnlySpan<byte> rawName, string name, byte version = 1) =>
    [
        0x75, 0x70, (byte)(5 + Encoding.UTF8.GetByteCount(name)), 0, version,
        .. BitConverter.GetBytes(Crc32.HashToUInt32(rawName)), .. Encoding.UTF8.GetBytes(name),
    ];

    private void AcceptedZip(ZipBuilder zip) => Accepted(zip.Build());

    private void Accepted(byte[] zip)
    {
        var path = _root.File("good.zip");
        File.WriteAllBytes(path, zip);
        using var tree = ZipTree.Open(path);
        Assert.That(tree.Entries, Is.Not.Empty);
    }

    private void RefusedZip(string code, ZipBuilder zip, string mentions = "") => RefusedBytes(code, zip.Build(), mentions);

    private void RefusedBytes(string code, byte[] zip, string mentions = "")
    {
        var path = _root.File("evil.zip");
        File.WriteAllBytes(path, zip);
        Refused.With(code, async () =>
        {
            using var tree = ZipTree.Open(path);
            await Packed.Of(tree);
        }, mentions);
    }
}
