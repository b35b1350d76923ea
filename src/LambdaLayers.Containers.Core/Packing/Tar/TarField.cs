using System.Text;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>Reads the fields of tar headers. <see cref="InvalidDataException"/> says what is wrong with one.</summary>
internal static class TarField
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// A number: octal digits, spaces and NULs around them; or GNU's base-256, big-endian, marked by the first bit
    /// (https://www.gnu.org/software/tar/manual/html_node/Extensions.html).
    /// </summary>
    public static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return Base256(field);
        var digits = field.Trim(" \0"u8);
        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit == 0)
                break;
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
                throw new InvalidDataException("a number in a header is not octal");
            value = (value << 3) + digit - '0';
        }

        return value;
    }

    /// <summary>Text up to the first NUL, decoded by <see cref="Decode"/>.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Decode(end < 0 ? field : field[..end]);
    }

    /// <summary>
    /// UTF-8. Other bytes become lone surrogates (as in Python's surrogateescape), so that two such names stay two and the
    /// check of names refuses them.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return string.Create(bytes.Length, bytes, static (text, from) =>
            {
                for (var i = 0; i < text.Length; i++)
                    text[i] = from[i] < 0x80 ? (char)from[i] : (char)(0xDC00 + from[i]);
            });
        }
    }

    private static long Base256(ReadOnlySpan<byte> field)
    {
        // The first bit is the mark, the second the sign; two's complement.
        var negative = (field[0] & 0x40) != 0;
        var value = negative ? -1L : 0L;
        for (var i = 0; i < field.Length; i++)
        {
            if (value is > long.MaxValue >> 8 or < long.MinValue >> 8)
                throw new InvalidDataException("a number in a header is too large");
            value = (value << 8) | (byte)(i == 0 && !negative ? field[i] & 0x7F : field[i]);
        }

        return value;
    }
}
