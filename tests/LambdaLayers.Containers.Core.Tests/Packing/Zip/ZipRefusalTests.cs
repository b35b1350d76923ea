using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Zip;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.Core.Tests.Packing.Zip;

public sealed class ZipRefusalTests
{
    private static readonly byte[] Text = "some text that is long enough to be compressed, compressed, compressed"u8.ToArray();

    private TempRoot _root = null!;

    [SetUp]
    public void SetUp() => _root = new TempRoot();

    [TearDown]
    public void TearDown() => _root.Dispose();

    [Test]
    public void A_missing_file_is_refused() =>
        Refused.With("LLC3000", () => ZipTree.Open(_root.File("no.zip")), mentions: "no.zip");

    [Test]
    public void A_folder_is_refused() =>
        Refused.With("LLC3001", () => ZipTree.Open(_root.Folder("layer.zip")), mentions: "Kind=\"Directory\"");

    [Test]
    public void An_empty_file_is_refused() => RefusedBytes("LLC3003", []);

    [TestCase("P")]
    [TestCase("<html>not found</html> and some more text")]
    public void Another_kind_of_file_is_refused(string text) =>
        RefusedBytes("LLC3004", System.Text.Encoding.UTF8.GetBytes(text));

    [Test]
    public void A_zip_cut_anywhere_is_refused()
    {
        var zip = new ZipBuilder().File("a", Text).File("b", Text).Build();

        for (var length = 4; length < zip.Length; length++)
            RefusedBytes("LLC3005", zip[..length]);
    }

    [Test]
    public void Bytes_after_the_end_are_refused() => RefusedBytes("LLC3005", [.. new ZipBuilder().File("a", Text).Build(), 0]);

    [Test]
    public void A_hole_in_the_middle_is_refused()
    {
        var zip = new ZipBuilder().File("a", Text).File("b", Text).Build();

        RefusedBytes("LLC3005", [.. zip[..40], .. zip[60..]]);
    }

    [Test]
    public void Bytes_before_the_first_entry_that_no_offset_counts_are_refused() =>
        RefusedZip("LLC3020", new ZipBuilder { Prefix = new byte[10] }.File("a", Text));

    [TestCase(1)]
    [TestCase(3)]
    public void A_wrong_number_of_entries_is_refused(int count) =>
        RefusedZip("LLC3006", new ZipBuilder { Count = count }.File("a", Text).File("b", Text));

    [Test]
    public void A_number_of_entries_that_the_table_cannot_hold_is_refused_before_memory_is_taken() =>
        RefusedZip("LLC3006", new ZipBuilder { Count = 60_000 }.File("a", Text));

    [TestCase("/abs", 3, "LLC3050")]
    [TestCase("C:/x", 3, "LLC3051")]
    [TestCase("C:\\x", 0, "LLC3051")]
    [TestCase("../x", 3, "LLC3052")]
    [TestCase("a/../../x", 3, "LLC3052")]
    [TestCase("..\\x", 0, "LLC3052")]
    [TestCase("\\abs", 0, "LLC3050")]
    [TestCase("\\\\server\\share", 0, "LLC3050")]
    [TestCase("a\\b", 3, "LLC3053")]
    [TestCase("a\0b", 3, "LLC3054")]
    [TestCase("a//b", 3, "LLC3055")]
    [TestCase("", 3, "LLC3055")]
    [TestCase(".wh.x", 3, "LLC3057")]
    public void A_name_that_could_mean_another_place_is_refused(string name, byte host, string code) =>
        RefusedZip(code, new ZipBuilder().File("good").Add(new ZipItem(name) { Host = host }));

    [Test]
    public void A_name_that_is_not_the_UTF8_it_says_it_is_is_refused() =>
        RefusedZip("LLC3061", new ZipBuilder().Add(new ZipItem("") { RawName = [0xC3, 0x28], Flags = 0x800 }));

    [TestCase(0x1000, "FIFO")]
    [TestCase(0x2000, "character device")]
    [TestCase(0x6000, "block device")]
    [TestCase(0xC000, "socket")]
    public void Special_files_are_refused_whoever_made_them(int type, string kind)
    {
        RefusedZip("LLC3060", new ZipBuilder().Add(new ZipItem("dev/x") { Mode = type | 0x1B6 }), kind);
        RefusedZip("LLC3021", new ZipBuilder().Add(new ZipItem("dev/x") { Mode = type | 0x1B6, Host = 0 }), "'dev/x'");
    }

    [TestCase(0x0001, 8)]
    [TestCase(0x0041, 8)]
    [TestCase(0x2000, 8)]
    [TestCase(0, 99)]
    public void Encrypted_entries_are_refused(int flags, int method) =>
        RefusedZip("LLC3010", new ZipBuilder().Add(new ZipItem("secret") { Flags = flags, Method = method }), "'secret'");

    [TestCase(1)]
    [TestCase(9)]
    [TestCase(12)]
    [TestCase(14)]
    [TestCase(93)]
    public void Unknown_methods_are_refused(int method) =>
        RefusedZip("LLC3011", new ZipBuilder().Add(new ZipItem("x") { Method = method }), $"method {method}");

    [Test]
    public void Overlapping_entries_are_refused()
    {
        RefusedZip("LLC3012", new ZipBuilder().File("a", Text).Add(new ZipItem("a") { Content = Text, Offset = 0 }));
        // One entry whose stored data hold the header and data of another.
        var inner = new ZipBuilder().File("in", Text).Build();
        RefusedZip("LLC3012", new ZipBuilder()
            .Add(new ZipItem("out") { Content = inner, Method = 0 })
            .Add(new ZipItem("in") { Content = Text, Offset = 33 }));
    }

    [Test]
    public void Headers_that_disagree_are_refused()
    {
        var item = new ZipItem("name") { Content = Text };

        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalName = "nome" }), "name");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalName = "longer" }), "name");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalMethod = 0 }), "method");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalCrc = 1 }), "checksum");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalSize = 1 }), "size");
        RefusedZip("LLC3013", new ZipBuilder().Add(item with { LocalSize = 1, Zip64 = true }), "size");
    }

    [TestCase(8, 5)]
    [TestCase(8, -5)]
    [TestCase(0, 5)]
    [TestCase(0, -5)]
    public void A_size_that_lies_is_refused(int method, int change) => RefusedZip(
        "LLC3014", new ZipBuilder().Add(new ZipItem("x") { Content = Text, Method = method, Size = Text.Length + change }), "'x'");

    [Test]
    public void Not_one_byte_more_than_declared_is_handed_out()
    {
        var bomb = new ZipItem("x") { Content = new byte[50_000_000], Size = 100 };
        using var tree = ZipTree.Open(new ZipBuilder().Add(bomb).Write(_root));
        using var stream = tree.Entries[0].Open!();

        Refused.With("LLC3014", () => stream.ReadExactly(new byte[100]));
        Assert.That(stream.Position, Is.LessThanOrEqualTo(100));
    }

    [TestCase(8, true)]
    [TestCase(0, false)]
    public void A_checksum_that_lies_is_refused(int method, bool descriptor) => RefusedZip(
        "LLC3015", new ZipBuilder().Add(new ZipItem("x") { Content = Text, Method = method, Crc = 1, Descriptor = descriptor }), "'x'");

    [Test]
    public void Damaged_data_is_refused()
    {
        RefusedZip("LLC3016", new ZipBuilder().Add(new ZipItem("x") { Content = Text, RawData = [0xFF, 0xFF, 0xFF] }), "'x'");
        // A good stream with other data behind it, which another tool might show.
        var trailing = new ZipItem("x") { Content = Text, RawData = [.. ZipBuilder.Deflate(Text), .. new byte[20_000]] };
        RefusedZip("LLC3016", new ZipBuilder().Add(trailing), "'x'");
    }

    [Test]
    public void A_folder_with_data_is_refused()
    {
        RefusedZip("LLC3017", new ZipBuilder().Add(new ZipItem("d/") { Content = Text }));
        RefusedZip("LLC3017", new ZipBuilder()
            .Add(new ZipItem("d/") { Content = "x"u8.ToArray(), Mode = ZipItem.Link | 0x1FF, Method = 0 }));
    }

    [TestCase(-1L)]
    [TestCase(1L)]
    [TestCase(1_000_000L)]
    [TestCase(0x7FFF_FFFF_FFFF_FFFFL)]
    public void Data_outside_the_zip_is_refused(long offset)
    {
        var item = new ZipItem("x") { Content = Text, Offset = offset, Zip64 = true };

        RefusedZip(offset < 0 ? "LLC3006" : "LLC3018", new ZipBuilder().Add(item));
    }

    [Test]
    public void More_compressed_data_than_the_zip_has_is_refused() => RefusedZip(
        "LLC3018", new ZipBuilder().Add(new ZipItem("x") { Content = Text, CompressedSize = 1 << 20 }));

    [Test]
    public void Symbolic_links_without_a_possible_target_are_refused()
    {
        RefusedZip("LLC3063", new ZipBuilder().Link("l", ""));
        RefusedZip("LLC3063", new ZipBuilder().Link("l", new string('x', 4096)));
        RefusedZip("LLC3063", new ZipBuilder().Link("l", "a\0b"));
    }

    [Test]
    public void Entries_below_a_link_or_a_file_are_refused()
    {
        RefusedZip("LLC3058", new ZipBuilder().Link("l", "/etc").File("l/passwd"));
        RefusedZip("LLC3059", new ZipBuilder().File("a").File("a/b"));
        RefusedZip("LLC3059", new ZipBuilder().Link("l", "/etc").Folder("l").File("l/passwd"));
    }

    [Test]
    public void A_split_zip_is_refused()
    {
        var zip = new ZipBuilder().File("a").Build();
        zip[^18] = 1; // number of this disk

        RefusedBytes("LLC3007", zip);
    }

    [Test]
    public void Limits_hold()
    {
        var path = new ZipBuilder().File("a", Text).File("b", Text).Write(_root);

        Refused.With("LLC3070", () => ZipTree.Open(path, new Limits { Entries = 1 }), mentions: "2 entries");
        Refused.With("LLC3071", () => ZipTree.Open(path, new Limits { UnpackedBytes = Text.Length }));
        using var tree = ZipTree.Open(path, new Limits { Entries = 2, UnpackedBytes = 2 * Text.Length });
        Assert.That(tree.Entries, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_total_that_overflows_is_refused()
    {
        var huge = new ZipItem("x") { Zip64 = true, Size = long.MaxValue, Descriptor = true };

        RefusedZip("LLC3071", new ZipBuilder().Add(huge).Add(huge with { Name = "y" }));
    }

    [Test]
    public void A_refused_zip_is_not_kept_open()
    {
        var path = new ZipBuilder().File("../x").Write(_root);

        Refused.With("LLC3052", () => ZipTree.Open(path));

        using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.That(exclusive.CanWrite, Is.True);
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
