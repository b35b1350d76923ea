namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>
/// Reads one header block (https://www.gnu.org/software/tar/manual/html_node/Standard.html). The only judge of what a
/// header is, is its checksum.
/// </summary>
internal static class TarBlock
{
    private const int Permissions = 0xFFF; // with setuid, setgid and sticky

    /// <summary>The entry as this block alone describes it; <see cref="InvalidDataException"/> for no header.</summary>
    public static TarItem Read(ReadOnlySpan<byte> block)
    {
        CheckSum(block);
        var size = TarField.Number(block.Slice(124, 12));
        if (size < 0)
            throw new InvalidDataException("a header has a negative size");
        var name = NameOf(block);
        return new TarItem(TypeOf((char)block[156], name), name)
        {
            LinkName = TarField.Text(block.Slice(157, 100)),
            Size = size,
            IsContiguous = block[156] == (byte)'7',
            Mode = (int)(TarField.Number(block.Slice(100, 8)) & Permissions),
            UnixTime = TarField.Number(block.Slice(136, 12)),
            HasNoOwner = TarField.Number(block.Slice(108, 8)) == 0 && TarField.Number(block.Slice(116, 8)) == 0
                && (!IsUstarOrGnu(block) || (block[265] == 0 && block[297] == 0)),
        };
    }

    private static string NameOf(ReadOnlySpan<byte> block)
    {
        var name = TarField.Text(block[..100]);
        // GNU's own format has times where ustar has the prefix; star has them behind a shorter one.
        if (!block[257..].StartsWith("ustar\0"u8))
            return name;
        var prefix = TarField.Text(block.Slice(345, block[508..].SequenceEqual("tar\0"u8) ? 131 : 155));
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    private static char TypeOf(char type, string name) => type switch
    {
        '\0' when name.EndsWith('/') => TarItem.Folder,
        '\0' or '7' => TarItem.File,
        _ => type,
    };

    private static bool IsUstarOrGnu(ReadOnlySpan<byte> block) => block[257..].StartsWith("ustar"u8);

    // Of all bytes, those of the sum itself counting as spaces. Some old tars summed signed bytes.
    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        var (sum, signed) = (8 * ' ', 8 * ' ');
        for (var i = 0; i < block.Length; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            sum += block[i];
            signed += (sbyte)block[i];
        }

        var stated = TarField.Number(block.Slice(148, 8));
        if (stated != sum && stated != signed)
            throw new InvalidDataException("a header's checksum is wrong");
    }
}
