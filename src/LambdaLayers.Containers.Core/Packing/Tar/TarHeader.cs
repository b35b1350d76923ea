using System.Runtime.CompilerServices;
using System.Text;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>
/// Encodes tar headers: POSIX ustar where everything fits, else GNU's (long names and targets in records of their own,
/// base-256 numbers). Never PAX: some unpackers of images do not read it.
/// https://www.gnu.org/software/tar/manual/html_node/Standard.html
/// </summary>
/// <remarks>
/// Not System.Formats.Tar, though its GNU entries are the same at every run. Its writer wants the whole entry at once: a
/// content stream that knows its length, read by the writer itself. Here a header's mode depends on how the content begins,
/// and the packer takes a zip entry's compressed bytes as they are, so header, content and padding must come one by one. And
/// its ustar entries refuse names that only GNU's records can hold instead of falling back to them, entry by entry.
/// </remarks>
internal static class TarHeader
{
    /// <summary>Everything in a tar is a multiple of this long.</summary>
    public const int BlockLength = 512;

    private const int NameLength = 100;
    private const int PrefixLength = 155;
    private const long LargestOctal = (1L << 33) - 1; // 11 octal digits: 8 GiB less one
    private const string LongRecordName = "././@LongLink";

    /// <summary>
    /// The header of a placed entry that has mode and time, with the records for a long name or target before it. Owner
    /// and group are always 0, without names.
    /// </summary>
    public static byte[] Encode(LayerEntry entry)
    {
        var name = Encoding.UTF8.GetBytes(entry.Kind == EntryKind.Directory ? entry.Path + "/" : entry.Path);
        var target = Encoding.UTF8.GetBytes(entry.LinkTarget ?? "");
        var (size, time) = (entry.Size, entry.Modified!.Value.ToUnixTimeSeconds());
        var longTarget = target.Length > NameLength;
        var needsGnu = longTarget || size > LargestOctal || time > LargestOctal;
        // GNU's header has other things where ustar has the prefix.
        var split = needsGnu ? 0 : SplitName(name);
        var longName = split == 0 && name.Length > NameLength;
        using var bytes = new MemoryStream();
        if (longTarget)
            WriteLong(bytes, 'K', target);
        if (longName)
            WriteLong(bytes, 'L', name);
        var header = new byte[BlockLength];
        WriteNumbers(header, TypeOf(entry.Kind), entry.Mode!.Value, size, time);
        WriteNames(header, name, target, split);
        Seal(header, needsGnu || longName);
        bytes.Write(header);
        return bytes.ToArray();
    }

    /// <summary>Bytes that fill up the last block of content of this length.</summary>
    public static int Padding(long length) => (int)(-length & (BlockLength - 1));

    // The slash between prefix and name for a name that fits in two; 0 for one that fits in one, or not at all.
    private static int SplitName(ReadOnlySpan<byte> name)
    {
        if (name.Length <= NameLength)
            return 0;
        var slash = name[..Math.Min(PrefixLength + 1, name.Length - 1)].LastIndexOf((byte)'/');
        return slash > 0 && name.Length - slash - 1 <= NameLength ? slash : 0;
    }

    private static void WriteNames(Span<byte> header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, int split)
    {
        if (split > 0)
            name[..split].CopyTo(header[345..]);
        var last = split > 0 ? name[(split + 1)..] : name;
        last[..Math.Min(NameLength, last.Length)].CopyTo(header);
        target[..Math.Min(NameLength, target.Length)].CopyTo(header[157..]);
    }

    private static void WriteNumbers(Span<byte> header, char type, int mode, long size, long time)
    {
        Octal(header.Slice(100, 8), mode);
        Octal(header.Slice(108, 8), 0); // uid
        Octal(header.Slice(116, 8), 0); // gid
        Number(header.Slice(124, 12), size);
        Number(header.Slice(136, 12), time);
        header[156] = (byte)type;
        Octal(header.Slice(329, 8), 0); // device
        Octal(header.Slice(337, 8), 0);
    }

    private static void WriteLong(MemoryStream bytes, char type, ReadOnlySpan<byte> text)
    {
        var header = new byte[BlockLength];
        Encoding.ASCII.GetBytes(LongRecordName, header);
        WriteNumbers(header, type, 0b110_100_100, text.Length + 1, 0);
        Seal(header, gnu: true);
        bytes.Write(header);
        bytes.Write(text);
        bytes.Write(new byte[1 + Padding(text.Length + 1)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Seal(Span<byte> header, bool gnu)
    {
        (gnu ? "ustar  \0"u8 : "ustar\000"u8).CopyTo(header[257..]);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header)
            sum += b;
        Octal(header.Slice(148, 7), sum);
    }

    private static void Number(Span<byte> field, long value)
    {
        if (value <= LargestOctal)
        {
            Octal(field, value);
            return;
        }

        for (var i = field.Length - 1; i > 0; i--, value >>= 8)
            field[i] = (byte)value;
        field[0] = 0x80;
    }

    // Digits up to the last byte, which stays NUL.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
    }

    private static char TypeOf(EntryKind kind) => kind switch
    {
        EntryKind.File => '0',
        EntryKind.HardLink => '1',
        EntryKind.SymbolicLink => '2',
        EntryKind.Directory => '5',
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
