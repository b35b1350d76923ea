using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Looks up how many bits the next symbols of a stream take and how many bytes they stand for, given its next bits. Only
/// what a walk needs is kept: not which literal it is, so that one entry can stand for a whole run of literals.
/// </summary>
/// <remarks>
/// An entry holds, from the lowest bit: the bits of the codes (6), those with the extra bits (6), bytes or distance (15),
/// and on top the flags <see cref="IsRare"/> and <see cref="IsMatch"/>.
/// </remarks>
internal sealed class DecodingTable
{
    /// <summary>Where the number of all bits begins; a shift by it takes the six bits.</summary>
    public const int TotalShift = 6;

    /// <summary>Where the number of bytes, or the distance, begins; the flags are above it.</summary>
    public const int ValueShift = 12;

    public const uint CodeMask = (1 << TotalShift) - 1;
    public const uint ValueMask = (1 << 15) - 1;

    /// <summary>The entry ends with a length, so that a distance follows.</summary>
    public const uint IsMatch = 1u << 31;

    /// <summary>No plain entry: the end of the block, a code that is too long for the table, or bits that are no code.</summary>
    public const uint IsRare = 1u << 30;

    /// <summary>Of a rare entry: the end of the block.</summary>
    public const uint EndOfBlock = IsRare | (1 << ValueShift);

    /// <summary>Of a rare entry: bits that are no code, or a code without meaning.</summary>
    public const uint Invalid = IsRare | (2 << ValueShift);

    /// <summary>What is left of a rare entry without the numbers of bits.</summary>
    public const uint Meaning = ~0u << ValueShift;

    // Of a rare entry: Find must look at more bits.
    private const uint Longer = IsRare | (3 << ValueShift);

    private readonly int _bits;
    private readonly uint[] _symbols;
    private readonly uint[] _single;
    private readonly ushort[] _counts = new ushort[DeflateFormat.MaxCodeLength + 1];
    private readonly ushort[] _sorted;
    private readonly uint[]? _runs;

    private DecodingTable(int bits, uint[] symbols, uint[]? runs = null)
    {
        _bits = bits;
        _symbols = symbols;
        _single = new uint[1 << bits];
        _sorted = new ushort[symbols.Length];
        _runs = runs;
        Mask = (1u << bits) - 1;
    }

    /// <summary>One symbol each, by as many of the next bits as <see cref="Mask"/> has.</summary>
    public uint[] Single => _single;

    /// <summary>All literals and the length after them that the bits of the table show. Only of lengths.</summary>
    public uint[] Runs => _runs ?? _single;

    public uint Mask { get; }

    /// <summary>Whether all bits stand for something.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>A table for literals and lengths.</summary>
    public static DecodingTable ForLengths(int bits)
    {
        var symbols = new uint[DeflateFormat.FixedLengthSymbols];
        Array.Fill(symbols, Invalid);
        Array.Fill(symbols, 1u << ValueShift, 0, DeflateFormat.EndOfBlock);
        symbols[DeflateFormat.EndOfBlock] = EndOfBlock;
        for (var i = 0; i < DeflateFormat.LengthBase.Length; i++)
        {
            symbols[DeflateFormat.FirstLength + i] =
                IsMatch | ((uint)DeflateFormat.LengthBase[i] << ValueShift) | ((uint)DeflateFormat.LengthExtraBits[i] << TotalShift);
        }

        return new DecodingTable(bits, symbols, new uint[1 << bits]);
    }

    /// <summary>A table for distances.</summary>
    public static DecodingTable ForDistances(int bits)
    {
        var symbols = new uint[DeflateFormat.FixedDistanceSymbols];
        Array.Fill(symbols, Invalid);
        for (var i = 0; i < DeflateFormat.DistanceSymbols; i++)
            symbols[i] = ((uint)DeflateFormat.DistanceBase[i] << ValueShift) | ((uint)DeflateFormat.DistanceExtraBits[i] << TotalShift);
        return new DecodingTable(bits, symbols);
    }

    /// <summary>A table for the lengths of codes, whose values are the symbols themselves.</summary>
    public static DecodingTable ForCodeLengths()
    {
        var symbols = new uint[DeflateFormat.CodeLengthSymbols];
        for (var i = 0; i < symbols.Length; i++)
            symbols[i] = (uint)i << ValueShift;
        return new DecodingTable(DeflateFormat.MaxCodeLengthCode, symbols);
    }

    /// <summary>
    /// Takes the code with these lengths (RFC 1951, 3.2.2). False for lengths that are no code: more codes than there is
    /// room for, or fewer, but for a single code of one bit, or none at all, as zlib has it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryBuild(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_counts);
        foreach (var length in lengths)
            _counts[length]++;
        _counts[0] = 0;
        if (!IsCode())
            return false;
        if (!IsComplete)
            Array.Fill(_single, Invalid);
        Fill(lengths);
        if (_runs is not null)
            Combine(_single, _runs);
        return true;
    }

    /// <summary>The plain or final entry for bits whose entry was rare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Find(uint entry, ulong next)
    {
        if ((entry & Meaning) != Longer)
            return entry;
        // RFC 1951, 3.2.2: codes of one length are consecutive numbers, the first of which follows from the shorter ones.
        var (code, first, index) = (0, 0, 0);
        for (var length = 1; length <= DeflateFormat.MaxCodeLength; length++, next >>= 1)
        {
            code |= (int)(next & 1);
            var count = _counts[length];
            if (code - count < first)
                return Entry(_sorted[index + code - first], length);
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return Invalid;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsCode()
    {
        var (left, longest) = (1, 0);
        for (var length = 1; length <= DeflateFormat.MaxCodeLength && left >= 0; length++)
        {
            left = (left << 1) - _counts[length];
            if (_counts[length] > 0)
                longest = length;
        }

        IsComplete = left == 0;
        return IsComplete || (left > 0 && longest <= 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(ReadOnlySpan<byte> lengths)
    {
        Span<int> next = stackalloc int[DeflateFormat.MaxCodeLength + 2];
        Span<int> index = stackalloc int[DeflateFormat.MaxCodeLength + 2];
        for (var length = 1; length <= DeflateFormat.MaxCodeLength; length++)
        {
            next[length + 1] = (next[length] + _counts[length]) << 1;
            index[length + 1] = index[length] + _counts[length];
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
                continue;
            _sorted[index[length]++] = (ushort)symbol;
            var code = DeflateFormat.Reverse(next[length]++, length);
            if (length > _bits)
            {
                _single[code & (int)Mask] = Longer;
                continue;
            }

            var entry = Entry(symbol, length);
            for (var i = code; i < _single.Length; i += 1 << length)
                _single[i] = entry;
        }
    }

    // What follows a literal is added to its entry as long as the next code is within the bits of the table.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(uint[] single, uint[] runs)
    {
        for (var i = 0; i < single.Length; i++)
        {
            var entry = single[i];
            if ((entry & (IsMatch | IsRare)) == 0)
            {
                var used = (int)(entry & CodeMask);
                var rest = i >> used;
                // For no other index than 0 is the rest not smaller; there it has only the single entry yet.
                var following = rest < i ? runs[rest] : single[rest];
                if ((following & IsRare) != 0 || used + (int)(following & CodeMask) > _bits)
                    following = single[rest];
                if ((following & IsRare) == 0 && used + (int)(following & CodeMask) <= _bits)
                    entry += following;
            }

            runs[i] = entry;
        }
    }

    private uint Entry(int symbol, int length)
    {
        var entry = _symbols[symbol];
        return entry + (uint)length + ((uint)length << TotalShift);
    }
}
