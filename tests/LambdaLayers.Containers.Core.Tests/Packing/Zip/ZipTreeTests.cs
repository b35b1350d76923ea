using System.Text;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing.Zip;

public sealed class ZipTreeTests
{
    private static readonly DateTimeOffset DosDate = new(2020, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void Files_folders_and_links_are_read_with_their_modes()
    {
        using var tree = Open(new ZipBuilder()
            .Folder("d", 0b111_000_000).File("d/f", "text", 0b111_100_100).Link("d/l", "../../dangling").Link("abs", "/aws/x"));

        var shown = tree.Entries.Select(e => $"{e.Path} {e.Kind} {Convert.ToString(e.Mode!.Value, 8)} {e.Size} {e.LinkTarget}");
        Assert.That(shown, Is.EqualTo([
            "d Directory 700 0 ", "d/f File 744 4 ", "d/l SymbolicLink 777 0 ../../dangling", "abs SymbolicLink 777 0 /aws/x",
        ]));
        Assert.That(Text(tree, "d/f"), Is.EqualTo("text"));
    }

    [Test]
    public void Content_can_be_opened_again_and_at_once()
    {
        var content = new byte[300_000];
        Random.Shared.NextBytes(content);
        using var tree = Open(new ZipBuilder().File("a", content).Add(new ZipItem("b") { Content = content, Method = 0 }));

        Parallel.For(0, 16, i =>
        {
            using var stream = tree.Entries[i % 2].Open!();
            using var copy = new MemoryStream();
            stream.CopyTo(copy, 1000 + i);
            Assert.That(copy.ToArray().AsSpan().SequenceEqual(content), Is.True);
        });
    }

    [Test]
    public void Headers_may_be_long_and_far_apart()
    {
        byte[] padding = [0x35, 0xD9, .. BitConverter.GetBytes((ushort)40_000), .. new byte[40_000]]; // what zipalign adds
        var zip = new ZipBuilder();
        for (var i = 0; i < 40; i++)
        {
            zip.Add(new ZipItem($"{i}")
            {
                Content = Bytes(i),
                Method = i % 2 * 8,
                Descriptor = i % 3 == 0,
                LocalExtra = i % 7 == 0 ? padding : [],
            });
        }

        using var tree = Open(zip);

        foreach (var (entry, i) in tree.Entries.Select((e, i) => (e, i)))
        {
            using var stream = entry.Open!();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Assert.That(copy.ToArray(), Is.EqualTo(Bytes(i)), entry.Path);
        }

        static byte[] Bytes(int i) => [.. Enumerable.Range(0, i % 5 * 7_000).Select(b => (byte)(b * i))];
    }

    [Test]
    public void Modes_of_makers_that_have_none_are_unknown()
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("fat") { Host = 0, Mode = null })
            .Add(new ZipItem("python-on-windows") { Host = 0, Mode = ZipItem.Regular | 0b110_110_110 })
            .Add(new ZipItem("unix-without") { Host = 3, Mode = null })
            .Add(new ZipItem("writestr") { Host = 3, Mode = 0b110_000_000 })
            .Add(new ZipItem("mac") { Host = 19, Mode = ZipItem.Regular | 0b111_101_101 }));

        Assert.That(tree.Entries.Select(e => e.Mode), Is.EqualTo(new int?[] { null, null, null, 0b110_000_000, 0b111_101_101 }));
        Assert.That(tree.Entries.Select(e => e.Kind), Is.All.EqualTo(EntryKind.File));
    }

    [Test]
    public void Folders_are_known_by_the_slash_after_their_name()
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("slash/") { Mode = null, Method = 0 })
            .Add(new ZipItem("jar/") { Mode = null, Method = 8 })
            .Add(new ZipItem("mode/") { Mode = ZipItem.Folder | 0b111_101_101, Method = 0 })
            .Add(new ZipItem("python-on-windows/") { Host = 0, Mode = ZipItem.Folder | 0b111_101_101, DosAttributes = 0x10, Method = 0 })
            .Add(new ZipItem("dos/") { Host = 0, Mode = null, DosAttributes = 0x10, Method = 0 }));

        Assert.That(tree.Entries.Select(e => e.Kind), Is.All.EqualTo(EntryKind.Directory));
    }

    [Test]
    public void The_extended_timestamp_comes_first_and_then_the_MS_DOS_time_as_UTC()
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("extended") { UnixTime = 1_600_000_001 })
            .Add(new ZipItem("dos"))
            .Add(new ZipItem("before-1970") { UnixTime = -5 })
            .Add(new ZipItem("none") { DosTime = 0 })
            .Add(new ZipItem("february-30") { DosTime = (40u << 25) | (2 << 21) | (30 << 16) }));

        Assert.That(tree.Entries.Select(e => e.Modified), Is.EqualTo(new DateTimeOffset?[]
        {
            DateTimeOffset.FromUnixTimeSeconds(1_600_000_001), DosDate, DosDate, null, null,
        }));
    }

    [TestCase(8)]
    [TestCase(0)]
    public void Sizes_may_follow_the_data(int method)
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("a") { Content = "first"u8.ToArray(), Method = method, Descriptor = true })
            .Add(new ZipItem("b") { Content = "second"u8.ToArray(), Method = method, Descriptor = true }));

        Assert.That(Text(tree, "a") + Text(tree, "b"), Is.EqualTo("firstsecond"));
    }

    [TestCase(1980, 1, 1, 0, 0, 0, true)]
    [TestCase(2107, 12, 31, 23, 59, 58, true)]
    [TestCase(2024, 2, 29, 12, 0, 0, true)]
    [TestCase(2023, 2, 29, 12, 0, 0, false)]
    [TestCase(2023, 0, 1, 0, 0, 0, false)]
    [TestCase(2023, 13, 1, 0, 0, 0, false)]
    [TestCase(2023, 1, 0, 0, 0, 0, false)]
    [TestCase(2023, 1, 1, 24, 0, 0, false)]
    [TestCase(2023, 1, 1, 0, 60, 0, false)]
    [TestCase(2023, 1, 1, 0, 0, 60, false)]
    public void A_time_of_DOS_is_one_of_the_calendar_or_none(int year, int month, int day, int hour, int minute, int second, bool valid)
    {
        var time = ((uint)(year - 1980) << 25) | ((uint)month << 21) | ((uint)day << 16)
            | ((uint)hour << 11) | ((uint)minute << 5) | (uint)(second / 2);
        using var tree = Open(new ZipBuilder().Add(new ZipItem("a") { DosTime = time }));

        Assert.That(
            tree.Entries.Single().Modified,
            valid ? Is.EqualTo(new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)) : Is.Null);
    }

    [Test]
    public void Zip64_fields_are_read()
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("a") { Content = "first"u8.ToArray(), Zip64 = true })
            .Add(new ZipItem("b") { Content = "second"u8.ToArray(), Zip64 = true, Descriptor = true, UnixTime = 7 }));

        Assert.That(Text(tree, "a") + Text(tree, "b"), Is.EqualTo("firstsecond"));
        Assert.That(tree.Entries[1].Modified, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(7)));
    }

    [Test]
    public void A_zip_may_have_a_comment()
    {
        using var tree = Open(new ZipBuilder { Comment = [.. "PK\u0003\u0004"u8, .. new byte[40]] }.File("a", "x"));

        Assert.That(Text(tree, "a"), Is.EqualTo("x"));
    }

    [Test]
    public void A_zip_without_entries_is_an_empty_layer()
    {
        using var tree = Open(new ZipBuilder());

        Assert.That(tree.Entries, Is.Empty);
    }

    [Test]
    public void Names_are_decoded_as_their_makers_meant_them()
    {
        byte[] cp437 = [0x82, 0x2e, 0x74]; // é.t
        var utf8 = Encoding.UTF8.GetBytes("é.t");
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("flag/é.t") { Flags = 0x800 })
            .Add(new ZipItem("unix/é.t"))
            .Add(new ZipItem("") { RawName = [.. "dos/"u8, .. cp437], Host = 0, Mode = null })
            .Add(new ZipItem("") { RawName = cp437, CentralExtra = UnicodePath(cp437, utf8), LocalExtra = UnicodePath(cp437, utf8) }));

        Assert.That(tree.Entries.Select(e => e.Path), Is.EqualTo(["flag/é.t", "unix/é.t", "dos/é.t", "é.t"]));
    }

    [Test]
    public void Backslashes_of_Windows_tools_are_separators()
    {
        using var tree = Open(new ZipBuilder()
            .Add(new ZipItem("bin\\x64\\tool") { Host = 0, Mode = null })
            .Add(new ZipItem("bin/sub\\tool") { Host = 10, Mode = null })
            .Add(new ZipItem("empty\\") { Host = 14, Mode = null, Method = 0 }));

        Assert.That(tree.Entries.Select(e => $"{e.Path} {e.Kind}"),
            Is.EqualTo(["bin/x64/tool File", "bin/sub/tool File", "empty Directory"]));
    }

    [Test]
    public void The_root_itself_is_no_entry()
    {
        using var tree = Open(new ZipBuilder().Folder("./", 0b111_000_000).File("./a", "x"));

        Assert.That(tree.Entries.Select(e => e.Path), Is.EqualTo(["a"]));
    }

    [Test]
    public void A_folder_may_be_listed_twice()
    {
        using var tree = Open(new ZipBuilder().Folder("d").File("d/a", "1").Folder("d"));

        Assert.That(tree.Entries.Select(e => e.Path), Is.EquivalentTo(["d", "d/a"]));
    }

    [Test]
    public void What_System_IO_Compression_writes_is_read()
    {
        var path = _root.File("dotnet.zip");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create))
        {
            using var writer = new StreamWriter(zip.CreateEntry("a/b").Open());
            writer.Write("text");
        }

        using var tree = ZipTree.Open(path);

        Assert.That(Text(tree, "a/b"), Is.EqualTo("text"));
    }

    private LayerTree Open(ZipBuilder zip) => ZipTree.Open(zip.Write(_root));

    private static string Text(LayerTree tree, string path)
    {
        using var reader = new StreamReader(tree.Entries.Single(e => e.Path == path).Open!());
        return reader.ReadToEnd();
    }

    private static byte[] UnicodePath(byte[] rawName, byte[] utf8) =>
        [0x75, 0x70, (byte)(5 + utf8.Length), 0, 1, .. BitConverter.GetBytes(System.IO.Hashing.Crc32.HashToUInt32(rawName)), .. utf8];
}
