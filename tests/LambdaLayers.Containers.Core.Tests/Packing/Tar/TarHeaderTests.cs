using System.Formats.Tar;
using System.Text;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Tar;
using TarEntry = System.Formats.Tar.TarEntry;

namespace LambdaLayers.Containers.Core.Tests.Packing.Tar;

public sealed class TarHeaderTests
{
    private const long Time = 1_600_000_000;

    [Test]
    public void A_plain_entry_is_one_ustar_block()
    {
        var header = TarHeader.Encode(Entry("opt/bin/tool", EntryKind.File, 0x1ED) with { Size = 1234 });

        Assert.That(header, Has.Length.EqualTo(512));
        Assert.That(Field(header, 0, 100), Is.EqualTo("opt/bin/tool"));
        Assert.That(Field(header, 100, 8), Is.EqualTo("0000755"));
        Assert.That(Field(header, 108, 8) + Field(header, 116, 8), Is.EqualTo("00000000000000"));
        Assert.That(Field(header, 124, 12), Is.EqualTo("00000002322"));
        Assert.That(Field(header, 136, 12), Is.EqualTo("13727410000"));
        Assert.That((char)header[156], Is.EqualTo('0'));
        Assert.That(Encoding.ASCII.GetString(header, 257, 8), Is.EqualTo("ustar\000"));
        Assert.That(header.AsSpan(265, 64).IndexOfAnyExcept((byte)0), Is.Negative, "owner names");
    }

    [TestCase(100)]
    [TestCase(101)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(4000)]
    public void Names_of_any_length_are_read_back(int length)
    {
        var folders = string.Concat(Enumerable.Repeat("folder-é/", 500));
        var name = Cut(folders, length - 10) + "/" + new string('n', 9);

        var read = Read(Entry(name, EntryKind.File, 0x1A4));

        Assert.That(Encoding.UTF8.GetByteCount(name), Is.EqualTo(length));
        Assert.That(read.Name, Is.EqualTo(name));
        Assert.That((int)read.Mode, Is.EqualTo(0x1A4));
    }

    [Test]
    public void A_name_that_splits_at_no_slash_gets_a_GNU_record()
    {
        var name = new string('n', 101);

        var header = TarHeader.Encode(Entry(name, EntryKind.File, 0x1A4));

        Assert.That(header, Has.Length.EqualTo(3 * 512));
        Assert.That((char)header[156], Is.EqualTo('L'));
        Assert.That(Field(header, 257, 8), Is.EqualTo("ustar  "));
        Assert.That(Field(header, 1024 + 257, 8), Is.EqualTo("ustar  "));
        Assert.That(Read(Entry(name, EntryKind.File, 0x1A4)).Name, Is.EqualTo(name));
    }

    [TestCase(99, 512)]
    [TestCase(100, 1536)]
    public void The_slash_of_a_folder_counts(int length, int headerLength)
    {
        var header = TarHeader.Encode(Entry(new string('d', length), EntryKind.Directory, 0x1ED));

        Assert.That(header, Has.Length.EqualTo(headerLength));
        Assert.That(Read(Entry(new string('d', length), EntryKind.Directory, 0x1ED)).Name, Does.EndWith("d/"));
    }

    [TestCase(100)]
    [TestCase(101)]
    [TestCase(4095)]
    public void Link_targets_of_any_length_are_read_back(int length)
    {
        var target = new string('t', length);

        var read = Read(Entry("l", EntryKind.SymbolicLink, 0x1FF) with { LinkTarget = target });

        Assert.That((read.EntryType, read.LinkName), Is.EqualTo((TarEntryType.SymbolicLink, target)));
    }

    [TestCase("n", 300)]
    [TestCase("folder/n", 20)]
    public void A_long_name_and_a_long_target_go_together(string part, int times)
    {
        var (name, target) = (string.Concat(Enumerable.Repeat(part, times)), new string('t', 300));

        var read = Read(Entry(name, EntryKind.SymbolicLink, 0x1FF) with { LinkTarget = target });

        Assert.That((read.Name, read.LinkName), Is.EqualTo((name, target)));
    }

    [TestCase(0x1_FFFF_FFFFL, "77777777777")]
    [TestCase(0x2_0000_0000L, null)]
    [TestCase(0x7F_FFFF_FFFF_FFFFL, null)]
    public void Sizes_beyond_11_octal_digits_are_base_256(long size, string? octal)
    {
        var header = TarHeader.Encode(Entry("big", EntryKind.File, 0x1A4) with { Size = size });

        if (octal is not null)
        {
            Assert.That(Field(header, 124, 12), Is.EqualTo(octal));
            return;
        }

        Assert.That(header[124], Is.EqualTo(0x80));
        Assert.That(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(128)), Is.EqualTo(size));
        Assert.That(Field(header, 257, 8), Is.EqualTo("ustar  "));
    }

    [TestCase(0, 0)]
    [TestCase(1, 511)]
    [TestCase(512, 0)]
    [TestCase(513, 511)]
    public void Content_is_filled_up_to_whole_blocks(long length, int padding)
    {
        Assert.That(TarHeader.Padding(length), Is.EqualTo(padding));
    }

    private static string Cut(string text, int bytes)
    {
        while (Encoding.UTF8.GetByteCount(text) > bytes)
            text = text[..^1];
        return text.TrimEnd('/').PadRight(text.Length + bytes - Encoding.UTF8.GetByteCount(text), 'x');
    }

    private static string Field(byte[] header, int start, int length) =>
        Encoding.ASCII.GetString(header, start, length).TrimEnd('\0');

    private static LayerEntry Entry(string path, EntryKind kind, int mode) =>
        new(path, kind) { Mode = mode, Modified = DateTimeOffset.FromUnixTimeSeconds(Time) };

    private static TarEntry Read(LayerEntry entry)
    {
        using var reader = new TarReader(new MemoryStream([.. TarHeader.Encode(entry), .. new byte[1024]]));
        return reader.GetNextEntry()!;
    }
}
