using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Finds matches with chains of the earlier places whose first four bytes have the same hash (RFC 1951, 4), of bounded length,
/// and those of three bytes with the last such place.
/// </summary>
/// <remarks>
/// A place is noted one step before it is searched from: what memory has to bring from the tables is there by then. All that runs
/// for every byte has few variables, so that they stay in registers.
/// </remarks>
internal sealed class MatchFinder
{
    /// <summary>Bytes that must be in the array after the last place; what they are does not matter.</summary>
    public const int Slack = 8;

    private const int HashBits = 16;
    private const int ThreesBits = 12;
    private const int MinHashed = 4;
    private const int WindowMask = DeflateFormat.WindowLength - 1;

    // The place that is searched from and the one that is noted ahead have taken the entries of the two farthest places.
    private const int MaxDistance = DeflateFormat.WindowLength - 2;

    // A match of three bytes from farther away takes more bits than the literals.
    private const int FarForThree = 4096;

    private const int None = -1;

    private readonly int[] _newest = new int[1 << HashBits]; // the last place with a hash
    private readonly int[] _newestThrees = new int[1 << ThreesBits];
    private readonly int[] _before = new int[DeflateFormat.WindowLength]; // the place before a place, by its last bits

    private byte[] _data = [];
    private int _nice;
    private bool _threes;
    private int _end;

    /// <summary>Takes the array that all places are in; none is known yet.</summary>
    public void Begin(byte[] data, DeflateLevel level)
    {
        Array.Fill(_newest, None);
        Array.Fill(_newestThrees, None);
        (_data, _nice, _threes) = (data, level.Nice, level.Threes);
    }

    /// <summary>Says how far matches may reach.</summary>
    public void EndAt(int end) => _end = end;

    /// <summary>What noting takes, for the time until <see cref="EndAt"/> is called again.</summary>
    public Tables Open() => new(this);

    /// <summary>Makes places known that no match is looked for at, but not for matches of three bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Skip(int from, int to)
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var newest = ref MemoryMarshal.GetArrayDataReference(_newest);
        ref var before = ref MemoryMarshal.GetArrayDataReference(_before);
        to = Math.Min(to, _end - MinHashed + 1);
        for (nint position = from; position < to; position++)
        {
            ref var place = ref Unsafe.Add(ref newest, Hash(Load32(ref data, position)));
            Unsafe.Add(ref before, position & WindowMask) = place;
            place = (int)position;
        }
    }

    /// <summary>The longest match at a place of which <see cref="Tables.Note"/> said what is <paramref name="earlier"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Match Longest(int position, Earlier earlier, int depth)
    {
        var match = First(position, earlier.Four, depth);
        return match.Length > 0 || !IsThree(position, earlier.Three)
            ? match
            : new Match(DeflateFormat.MinMatch, position - earlier.Three);
    }

    /// <summary>The longest match that is longer than <paramref name="length"/>; of length 0 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Match Longer(int position, Earlier earlier, int length, int depth) =>
        length < MinHashed ? First(position, earlier.Four, depth) : Longer(position, earlier.Four, length, depth);

    // The longest match of at least four bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Match First(int position, int place, int depth)
    {
        var cutoff = Math.Max(position - MaxDistance, 0);
        if (place < cutoff)
            return default;
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var before = ref MemoryMarshal.GetArrayDataReference(_before);
        var bytes = Load32(ref data, position);
        while (Load32(ref data, place) != bytes)
        {
            if (--depth == 0 || (place = Before(ref before, place)) < cutoff)
                return default;
        }

        var longest = Math.Min(DeflateFormat.MaxMatch, _end - position);
        var length = Compare(ref Unsafe.Add(ref data, place), ref Unsafe.Add(ref data, position), longest);
        if (length < _nice && --depth > 0)
        {
            var longer = Longer(position, Before(ref before, place), length, depth);
            if (longer.Length > 0)
                return longer;
        }

        return new Match(length, position - place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Match Longer(int position, int place, int length, int depth)
    {
        var best = default(Match);
        var cutoff = Math.Max(position - MaxDistance, 0);
        var longest = Math.Min(DeflateFormat.MaxMatch, _end - position);
        if (place < cutoff || length >= longest)
            return best;
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var here = ref Unsafe.Add(ref data, position);
        ref var before = ref MemoryMarshal.GetArrayDataReference(_before);
        while (true)
        {
            // A longer match must have these bytes; they differ more often than the first ones.
            ref var tail = ref Unsafe.Add(ref data, length + 1 - MinHashed);
            var last = Load32(ref here, length + 1 - MinHashed);
            while (Load32(ref tail, place) != last)
            {
                if (--depth == 0 || (place = Before(ref before, place)) < cutoff)
                    return best;
            }

            if (Load32(ref data, place) == Load32(ref here, 0))
            {
                var found = Compare(ref Unsafe.Add(ref data, place), ref here, longest);
                if (found > length)
                {
                    (length, best) = (found, new Match(found, position - place));
                    if (found >= _nice || found == longest)
                        return best;
                }
            }

            if (--depth == 0 || (place = Before(ref before, place)) < cutoff)
                return best;
        }
    }

    // How many bytes are equal, of which the first four are known to be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compare(ref byte there, ref byte here, int longest)
    {
        nint length = MinHashed;
        do
        {
            var difference = Load64(ref there, length) ^ Load64(ref here, length);
            if (difference != 0)
                return Math.Min(longest, (int)length + (BitOperations.TrailingZeroCount(difference) >> 3));
            length += sizeof(ulong);
        }
        while (length < longest);
        return longest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsThree(int position, int place)
    {
        if (place < 0 || position - place > FarForThree)
            return false;
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        return ((Load32(ref data, place) ^ Load32(ref data, position)) & 0xFFFFFF) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int Before(ref int before, int place) => ref Unsafe.Add(ref before, (nint)(uint)(place & WindowMask));

    // Multiplicative hashing: Knuth, The Art of Computer Programming, volume 3, 6.4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Hash(uint bytes) => (nint)((bytes * 0x9E3779B1) >> (32 - HashBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint HashThree(uint bytes) => (nint)(((bytes << 8) * 0x9E3779B1) >> (32 - ThreesBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load32(ref byte data, nint position)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref data, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load64(ref byte data, nint position)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, position));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>The tables as variables: to ask for them anew with every place takes longer than what is done with them.</summary>
    public readonly ref struct Tables(MatchFinder finder)
    {
        private readonly ref byte _data = ref MemoryMarshal.GetArrayDataReference(finder._data);
        private readonly ref int _newest = ref MemoryMarshal.GetArrayDataReference(finder._newest);
        private readonly ref int _newestThrees = ref MemoryMarshal.GetArrayDataReference(finder._newestThrees);
        private readonly ref int _before = ref MemoryMarshal.GetArrayDataReference(finder._before);
        private readonly int _last = finder._end - MinHashed;
        private readonly bool _threes = finder._threes;

        /// <summary>Makes a place known, and gives those that may begin alike. Places come in their order.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Earlier Note(int position)
        {
            if (position > _last)
                return new Earlier(None, None);
            var bytes = Load32(ref _data, position);
            var three = None;
            if (_threes)
            {
                ref var newestThree = ref Unsafe.Add(ref _newestThrees, HashThree(bytes));
                three = newestThree;
                newestThree = position;
            }

            ref var newest = ref Unsafe.Add(ref _newest, Hash(bytes));
            var four = newest;
            newest = position;
            Before(ref _before, position) = four;
            return new Earlier(four, three);
        }
    }

    /// <summary>Earlier places whose first four, and first three, bytes may be the same; negative when there is none.</summary>
    public readonly record struct Earlier(int Four, int Three);

    /// <summary>Bytes that are the same as others before them. One number, since two would be returned in memory.</summary>
    public readonly struct Match(int length, int distance)
    {
        private readonly int _value = (length << 16) | distance;

        /// <summary>0 when there is none.</summary>
        public int Length => _value >> 16;

        public int Distance => _value & 0xFFFF;
    }
}
