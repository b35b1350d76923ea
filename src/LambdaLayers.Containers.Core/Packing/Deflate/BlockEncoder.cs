using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Collects the matches of one block with the literals before each, and writes the block in the smallest of the three
/// forms (RFC 1951, 3.2.3): with codes of its own, with the fixed codes, or stored.
/// </summary>
internal sealed class BlockEncoder
{
    /// <summary>Matches that fit into a block.</summary>
    public const int MaxMatches = 1 << 14;

    private const int HeaderBits = 3;

    // Four literals fit between two flushes.
    private const int MaxLengthCode = 14;

    private static readonly byte[] LengthSlots = MakeLengthSlots();
    private static readonly HuffmanCode FixedLengths = MakeFixed(DeflateFormat.FixedLengthSymbols, DeflateFormat.FixedLengthOf);
    private static readonly HuffmanCode FixedDistances = MakeFixed(DeflateFormat.FixedDistanceSymbols, static _ => 5);

    private readonly HuffmanCode _lengths = new(DeflateFormat.LengthSymbols, MaxLengthCode);
    private readonly HuffmanCode _distances = new(DeflateFormat.DistanceSymbols, DeflateFormat.MaxCodeLength);
    private readonly CodeLengthEncoder _header = new();
    private readonly int[] _lengthCounts = new int[DeflateFormat.LengthSymbols];
    private readonly int[] _distanceCounts = new int[DeflateFormat.DistanceSymbols];
    private readonly uint[] _literalBits = new uint[256]; // code, its length from bit 24
    private readonly uint[] _matchBits = new uint[DeflateFormat.MaxMatch + 1]; // code and extra bits, their number from bit 24
    private readonly ulong[] _distanceBits = new ulong[DeflateFormat.DistanceSymbols]; // code, its length, all bits, base: 16 each
    private readonly ulong[] _matches = new ulong[MaxMatches]; // distance (16), its symbol (5), length (11), literals before it (32)
    private byte[] _data = [];
    private int _next; // where the last match ends
    private int _matchCount;
    private int _literals; // before the last match

    public bool IsFull => _matchCount == MaxMatches;

    /// <summary>Where it begins in the array.</summary>
    public int Start { get; private set; }

    /// <summary>How often each literal and each length symbol has occurred (RFC 1951, 3.2.5).</summary>
    public ReadOnlySpan<int> LengthCounts => _lengthCounts;

    /// <summary>Begins an empty block for what the array holds from <paramref name="start"/> on.</summary>
    public void Begin(byte[] data, int start)
    {
        (_data, Start, _next) = (data, start, start);
        (_matchCount, _literals) = (0, 0);
        Array.Clear(_lengthCounts);
        Array.Clear(_distanceCounts);
    }

    /// <summary>Literals and matches up to <paramref name="position"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbols(int position) => _literals + position - _next + _matchCount;

    /// <summary>Adds literals; they follow what was added before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Literals(int from, int to)
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_lengthCounts);
        for (; from < to; from++)
            Unsafe.Add(ref counts, Unsafe.Add(ref data, from))++;
    }

    /// <summary>Adds a match at a position; literals are what is between it and the match before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Match(int position, int length, int distance)
    {
        var literals = position - _next;
        _lengthCounts[DeflateFormat.FirstLength + LengthSlots[length]]++;
        var slot = DistanceSlot(distance);
        _distanceCounts[slot]++;
        _matches[_matchCount++] = ((ulong)literals << 32) | ((uint)length << 21) | ((uint)slot << 16) | (uint)distance;
        _literals += literals;
        _next = position + length;
    }

    /// <summary>Writes the block, which ends before <paramref name="end"/> and is not the last one of its stream.</summary>
    public void WriteTo(ref BitWriter writer, int end)
    {
        var data = _data.AsSpan(Start, end - Start);
        _lengthCounts[DeflateFormat.EndOfBlock] = 1;
        _lengths.Build(_lengthCounts);
        _distances.Build(_distanceCounts);
        _header.Prepare(_lengths.Lengths, _distances.Lengths);
        var own = _header.Bits + Bits(_lengths, _distances);
        var fixedCodes = Bits(FixedLengths, FixedDistances);
        var stored = (data.Length * 8L) + (((data.Length / DeflateFormat.MaxStored) + 1) * 40L);
        if (stored <= HeaderBits + Math.Min(own, fixedCodes))
        {
            WriteStored(ref writer, data);
            return;
        }

        var isFixed = fixedCodes <= own;
        writer.Add((uint)(isFixed ? DeflateFormat.Fixed : DeflateFormat.Dynamic) << 1, HeaderBits);
        writer.Flush();
        if (!isFixed)
            _header.WriteTo(ref writer);
        WriteCodes(ref writer, data, isFixed ? FixedLengths : _lengths, isFixed ? FixedDistances : _distances);
    }

    /// <summary>Ends at a byte boundary: with an empty stored block, unless it is at one.</summary>
    public static void Align(ref BitWriter writer)
    {
        writer.Flush();
        if (!writer.IsAligned)
            WriteStored(ref writer, []);
    }

    private static void WriteStored(ref BitWriter writer, ReadOnlySpan<byte> data)
    {
        do
        {
            var part = data[..Math.Min(data.Length, DeflateFormat.MaxStored)];
            writer.Add(DeflateFormat.Stored << 1, HeaderBits);
            writer.Align();
            writer.Add((uint)part.Length | ((uint)(part.Length ^ 0xFFFF) << 16), 32);
            writer.Flush();
            writer.Write(part);
            data = data[part.Length..];
        }
        while (data.Length > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Bits(HuffmanCode lengths, HuffmanCode distances)
    {
        var bits = 0L;
        for (var i = 0; i < _lengthCounts.Length; i++)
            bits += (long)_lengthCounts[i] * lengths.Lengths[i];
        for (var i = 0; i < DeflateFormat.LengthExtraBits.Length; i++)
            bits += (long)_lengthCounts[DeflateFormat.FirstLength + i] * DeflateFormat.LengthExtraBits[i];
        for (var i = 0; i < _distanceCounts.Length; i++)
            bits += (long)_distanceCounts[i] * (distances.Lengths[i] + DeflateFormat.DistanceExtraBits[i]);
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteCodes(ref BitWriter output, ReadOnlySpan<byte> data, HuffmanCode lengths, HuffmanCode distances)
    {
        PrepareBits(lengths, distances);
        var writer = output;
        ref var source = ref MemoryMarshal.GetReference(data);
        ref var literalBits = ref MemoryMarshal.GetArrayDataReference(_literalBits);
        var position = 0;
        foreach (var match in _matches.AsSpan(0, _matchCount))
        {
            var (literals, length) = ((int)(match >> 32), (int)(uint)match >>> 21);
            AddLiterals(ref writer, ref literalBits, ref Unsafe.Add(ref source, position), literals);
            Add(ref writer, _matchBits[length]);
            var (distance, bits) = ((uint)match & 0xFFFF, _distanceBits[(int)(match >> 16) & 0x1F]);
            var extra = (distance - (bits >> 48)) << (byte)(bits >> 16);
            writer.Add((bits & 0xFFFF) | extra, (byte)(bits >> 32));
            writer.Flush();
            position += literals + length;
        }

        // After the last match only literals follow.
        AddLiterals(ref writer, ref literalBits, ref Unsafe.Add(ref source, position), data.Length - position);
        writer.Add(lengths.Codes[DeflateFormat.EndOfBlock], lengths.Lengths[DeflateFormat.EndOfBlock]);
        writer.Flush();
        output = writer;
    }

    // The last ones, three at most, are added without a branch for each, since how many there are can't be foreseen. So up to
    // three bytes behind the data are looked up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLiterals(ref BitWriter writer, ref uint bits, ref byte source, int count)
    {
        for (; count >= 4; count -= 4)
        {
            Add(ref writer, Unsafe.Add(ref bits, source));
            Add(ref writer, Unsafe.Add(ref bits, Unsafe.Add(ref source, 1)));
            Add(ref writer, Unsafe.Add(ref bits, Unsafe.Add(ref source, 2)));
            Add(ref writer, Unsafe.Add(ref bits, Unsafe.Add(ref source, 3)));
            writer.Flush();
            source = ref Unsafe.Add(ref source, 4);
        }

        var first = Unsafe.Add(ref bits, source);
        var second = Unsafe.Add(ref bits, Unsafe.Add(ref source, 1));
        var third = Unsafe.Add(ref bits, Unsafe.Add(ref source, 2));
        Add(ref writer, count > 0 ? first : 0);
        Add(ref writer, count > 1 ? second : 0);
        Add(ref writer, count > 2 ? third : 0);
        writer.Flush();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref BitWriter writer, uint bits) => writer.Add(bits & 0xFFFFFF, (int)(bits >> 24));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PrepareBits(HuffmanCode lengths, HuffmanCode distances)
    {
        for (var slot = 0; slot < _distanceBits.Length; slot++)
        {
            var (length, extra) = (distances.Lengths[slot], DeflateFormat.DistanceExtraBits[slot]);
            _distanceBits[slot] = distances.Codes[slot] | ((ulong)length << 16) | ((ulong)(length + extra) << 32)
                | ((ulong)DeflateFormat.DistanceBase[slot] << 48);
        }

        for (var i = 0; i < _literalBits.Length; i++)
            _literalBits[i] = lengths.Codes[i] | ((uint)lengths.Lengths[i] << 24);
        for (var length = DeflateFormat.MinMatch; length < _matchBits.Length; length++)
        {
            var slot = LengthSlots[length];
            var symbol = DeflateFormat.FirstLength + slot;
            var extra = (uint)(length - DeflateFormat.LengthBase[slot]) << lengths.Lengths[symbol];
            _matchBits[length] = lengths.Codes[symbol] | extra
                | ((uint)(lengths.Lengths[symbol] + DeflateFormat.LengthExtraBits[slot]) << 24);
        }
    }

    // RFC 1951, 3.2.5: from the fifth on, two symbols for each power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DistanceSlot(int distance)
    {
        var offset = (uint)distance - 1;
        if (offset < 4)
            return (int)offset;
        var log = BitOperations.Log2(offset);
        return (2 * log) + (int)((offset >> (log - 1)) & 1);
    }

    private static byte[] MakeLengthSlots()
    {
        var slots = new byte[DeflateFormat.MaxMatch + 1];
        for (var slot = 0; slot < DeflateFormat.LengthBase.Length; slot++)
            slots.AsSpan(DeflateFormat.LengthBase[slot]).Fill((byte)slot);
        return slots;
    }

    private static HuffmanCode MakeFixed(int symbols, Func<int, byte> length)
    {
        var code = new HuffmanCode(symbols, DeflateFormat.MaxCodeLength);
        code.Set([.. Enumerable.Range(0, symbols).Select(length)]);
        return code;
    }
}
