using System.Buffers.Binary;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>The numbers of RFC 1951 that both directions share.</summary>
internal static class DeflateFormat
{
    /// <summary>How far back a match may reach (2).</summary>
    public const int WindowLength = 1 << 15;

    public const int MinMatch = 3;
    public const int MaxMatch = 258;

    /// <summary>The longest code of the literal/length and the distance alphabet (3.2.7).</summary>
    public const int MaxCodeLength = 15;

    /// <summary>The longest code of the alphabet that code lengths are written in (3.2.7).</summary>
    public const int MaxCodeLengthCode = 7;

    /// <summary>Literals 0 to 255, the end of a block, and lengths (3.2.5); 286 and 287 exist only in the fixed code.</summary>
    public const int LengthSymbols = 286;

    public const int FixedLengthSymbols = 288;

    public const int EndOfBlock = 256;

    /// <summary>The first symbol that stands for a length.</summary>
    public const int FirstLength = 257;

    /// <summary>Distance symbols (3.2.5); 30 and 31 exist only in the fixed code.</summary>
    public const int DistanceSymbols = 30;

    public const int FixedDistanceSymbols = 32;

    public const int CodeLengthSymbols = 19;

    /// <summary>BTYPE (3.2.3).</summary>
    public const int Stored = 0;

    public const int Fixed = 1;

    public const int Dynamic = 2;

    /// <summary>The most bytes of a stored block (3.2.4).</summary>
    public const int MaxStored = 0xFFFF;

    /// <summary>The order in which the lengths of code length codes are written (3.2.7).</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The shortest length of each length symbol (3.2.5).</summary>
    public static ReadOnlySpan<ushort> LengthBase =>
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31,
        35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ];

    /// <summary>The number of bits that follow each length symbol.</summary>
    public static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>The shortest distance of each distance symbol (3.2.5).</summary>
    public static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769,
        1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    /// <summary>The number of bits that follow each distance symbol.</summary>
    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>The code length of a literal or length symbol in a block with fixed codes (3.2.6).</summary>
    public static byte FixedLengthOf(int symbol) => symbol switch
    {
        < 144 => 8,
        < 256 => 9,
        < 280 => 7,
        _ => 8,
    };

    /// <summary>A code's bits the other way round: streams have its highest bit first (3.1.1).</summary>
    public static int Reverse(int code, int length)
    {
        code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
        code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
        code = ((code & 0x0F0F) << 4) | ((code >> 4) & 0x0F0F);
        return BinaryPrimitives.ReverseEndianness((ushort)code) >> (16 - length);
    }
}
