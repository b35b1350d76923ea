using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Compresses one piece of a deflate stream (RFC 1951), which begins and ends at a byte boundary, so that pieces made
/// apart from one another can follow one another. The bytes depend on nothing but the piece, what comes before it and
/// the level: integers only, and no code of the runtime's native zlib, which differs by distribution and version. One
/// encoder can make any number of pieces, one after the other.
/// </summary>
/// <remarks>
/// Matches are found with chains of the earlier places that have the same hash (RFC 1951, 4), of bounded length, and
/// taken unless one that begins a byte or two later is better. After many bytes without a match fewer places are looked
/// at, so that data that are compressed already are passed over fast; their blocks come out as stored.
/// </remarks>
internal sealed class DeflateEncoder
{
    /// <summary>Bytes that must be in the array after the piece; what they are does not matter.</summary>
    public const int Slack = 8;

    private const int HashBits = 15;
    private const int ThreesBits = 12;
    private const int WindowMask = DeflateFormat.WindowLength - 1;
    private const int MinHashed = 4;

    // A match of three bytes from farther away takes more bits than the literals.
    private const int FarForThree = 4096;

    // Literals are counted together, but not more of them, so that the splitter sees them in time.
    private const int LiteralRun = 128;

    private readonly BlockEncoder _block = new();
    private readonly BlockSplitter _splitter = new();
    private readonly int[] _newest = new int[1 << HashBits]; // the last place with a hash
    private readonly int[] _newestThrees = new int[1 << ThreesBits];
    private readonly ushort[] _distances = new ushort[DeflateFormat.WindowLength]; // from a place to the one before it

    // Added to every place in the tables, and larger for each array, so that nothing of the arrays before it is near.
    private int _base;
    private byte[] _data = [];
    private DeflateLevel _level = DeflateLevel.Of(1);
    private int _lastHashed; // the last place with four bytes before the end

    /// <summary>The most bytes that a piece of <paramref name="length"/> bytes becomes, and room for writing them.</summary>
    public static int MaxEncoded(int length) => length + (length >> 8) + 64;

    /// <summary>Takes the array that <see cref="Know"/> and <see cref="Encode"/> are about; nothing of it is known yet.</summary>
    public void Begin(byte[] data, DeflateLevel level)
    {
        if (_base > int.MaxValue / 2)
        {
            Array.Clear(_newest);
            Array.Clear(_newestThrees);
            _base = 0;
        }

        _base += _data.Length + DeflateFormat.WindowLength + 1;
        (_data, _level) = (data, level);
    }

    /// <summary>Says that matches may begin from here to there, which comes before all that is compressed.</summary>
    public void Know(int from, int to)
    {
        _lastHashed = to - MinHashed;
        Insert(ref MemoryMarshal.GetArrayDataReference(_data), from, to, _level.Threes);
    }

    /// <summary>
    /// Compresses the array from <paramref name="start"/> to <paramref name="end"/> into <paramref name="output"/>, and says
    /// how many bytes that are. Parts come in their order, and a later one may refer to those before it.
    /// </summary>
    public int Encode(int start, int end, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, _data.Length - Slack);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, end);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MaxEncoded(end - start));
        var writer = new BitWriter(output);
        _lastHashed = end - MinHashed;
        for (var position = start; position < end;)
        {
            _block.Begin();
            _splitter.Begin();
            var next = FillBlock(_data, position, end, _level);
            _block.WriteTo(ref writer, _data.AsSpan(position, next - position));
            position = next;
        }

        BlockEncoder.Align(ref writer);
        return writer.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FillBlock(byte[] array, int position, int end, DeflateLevel level)
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(array);
        var (start, uncounted, misses) = (position, position, 0);
        var (nice, depth, lazy, threes) = (level.Nice, level.Depth, level.Lazy, level.Threes);
        do
        {
            var distance = 0;
            var length = Longest(ref data, position, end, DeflateFormat.MinMatch - 1, depth, threes, ref distance);
            if (length < DeflateFormat.MinMatch)
            {
                // The more often in vain, the fewer places are looked at.
                position += Math.Min(1 + (misses++ >> 7), end - position);
                if (position - uncounted >= LiteralRun)
                    Literals(ref data, ref uncounted, position);
                continue;
            }

            misses = 0;
            var inserted = position + 1;
            for (var looks = 0; looks < lazy && length < nice && position + 1 < end; looks++)
            {
                // Whether waiting pays is a matter of bytes won, and of the bits of the distance.
                var (next, later) = (inserted++, 0);
                var found = Longest(ref data, next, end, length - 1, depth >> (1 + looks), threes: false, ref later);
                var gain = (4 * (found - length)) + BitOperations.Log2((uint)distance) - BitOperations.Log2((uint)later | 1);
                if (later == 0 || gain <= 2 + (4 * (next - position - 1)))
                    continue;
                (position, length, distance, looks) = (next, found, later, -1);
            }

            Literals(ref data, ref uncounted, position);
            _block.Match(length, distance);
            _splitter.Match(length);
            position += length;
            uncounted = position;
            Insert(ref data, inserted, position, threes);
        }
        while (position < end && !_block.IsFull && !_splitter.ShouldEnd(position - start, end - position));
        Literals(ref data, ref uncounted, position);
        return position;
    }

    private void Literals(ref byte data, ref int from, int to)
    {
        var literals = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref data, from), to - from);
        _block.Literals(literals);
        _splitter.Literals(literals);
        from = to;
    }

    // The longest match that is longer than `length`; `distance` stays as it is when there is none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Longest(
        ref byte data, int position, int end, int length, int depth, bool threes, ref int distance)
    {
        if (position > _lastHashed)
            return length;
        var bytes = Load32(ref data, position);
        ref var newest = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_newest), (nint)Hash(bytes));
        ref var distances = ref MemoryMarshal.GetArrayDataReference(_distances);
        var @base = _base;
        var place = newest - @base;
        newest = position + @base;
        Unsafe.Add(ref distances, position & WindowMask) = (ushort)Math.Min(position - place, ushort.MaxValue);
        var longest = Math.Min(DeflateFormat.MaxMatch, end - position);
        if (threes)
        {
            ref var newestThree = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_newestThrees), (nint)HashThree(bytes));
            var three = newestThree - @base;
            if (length < DeflateFormat.MinMatch && position - three <= FarForThree
                && ((Load32(ref data, three) ^ bytes) & 0xFFFFFF) == 0)
                (length, distance) = (DeflateFormat.MinMatch, position - three);
            newestThree = position + @base;
        }

        if (length >= longest)
            return length;
        // A longer match must have these bytes; they differ more often than the first ones.
        var offset = Math.Max(0, length - 3);
        var last = Load32(ref data, position + offset);
        for (; depth > 0 && position - place <= DeflateFormat.WindowLength; depth--)
        {
            if (Load32(ref data, place + offset) == last && Load32(ref data, place) == bytes)
            {
                var found = Compare(ref data, place, position, longest);
                if (found > length)
                {
                    (length, distance) = (found, position - place);
                    if (found == longest)
                        break;
                    offset = found - 3;
                    last = Load32(ref data, position + offset);
                }
            }

            place -= Unsafe.Add(ref distances, place & WindowMask);
        }

        return length;
    }

    // How many bytes are equal, of which the first four are known to be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compare(ref byte data, int place, int position, int longest)
    {
        for (var length = MinHashed; length < longest; length += sizeof(ulong))
        {
            var difference = Load64(ref data, place + length) ^ Load64(ref data, position + length);
            if (difference != 0)
                return Math.Min(longest, length + (BitOperations.TrailingZeroCount(difference) >> 3));
        }

        return longest;
    }

    // Makes places known at which no match is looked for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Insert(ref byte data, int from, int to, bool threes)
    {
        ref var newest = ref MemoryMarshal.GetArrayDataReference(_newest);
        ref var newestThrees = ref MemoryMarshal.GetArrayDataReference(_newestThrees);
        ref var distances = ref MemoryMarshal.GetArrayDataReference(_distances);
        var @base = _base;
        to = Math.Min(to, _lastHashed + 1);
        for (; from < to; from++)
        {
            var bytes = Load32(ref data, from);
            ref var place = ref Unsafe.Add(ref newest, (nint)Hash(bytes));
            Unsafe.Add(ref distances, from & WindowMask) = (ushort)Math.Min(from + @base - place, ushort.MaxValue);
            place = from + @base;
            if (threes)
                Unsafe.Add(ref newestThrees, (nint)HashThree(bytes)) = from + @base;
        }
    }

    // Multiplicative hashing: Knuth, The Art of Computer Programming, volume 3, 6.4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint bytes) => (bytes * 0x9E3779B1) >> (32 - HashBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashThree(uint bytes) => ((bytes << 8) * 0x9E3779B1) >> (32 - ThreesBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load32(ref byte data, int position)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref data, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load64(ref byte data, int position)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}
