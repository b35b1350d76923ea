using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// A prefix code for one alphabet, made from how often each symbol is used: lengths that are optimal but for the limit, and
/// the canonical codes for them (RFC 1951, 3.2.2). Integers only, and ties are broken by the symbol's number, so that
/// it is the same everywhere.
/// </summary>
internal sealed class HuffmanCode
{
    private readonly int _limit;
    private ulong[] _order; // how often (32), symbol (32)
    private ulong[] _spare;
    private readonly uint[] _tree;
    private readonly int[] _lengthCounts = new int[64];

    /// <param name="symbols">Size of the alphabet.</param>
    /// <param name="limit">The longest code that is allowed.</param>
    public HuffmanCode(int symbols, int limit)
    {
        _limit = limit;
        _order = new ulong[symbols];
        _spare = new ulong[symbols];
        _tree = new uint[symbols];
        Lengths = new byte[symbols];
        Codes = new ushort[symbols];
    }

    /// <summary>Bits of each symbol's code; 0 for a symbol that is not used.</summary>
    public byte[] Lengths { get; }

    /// <summary>The codes, with their bits in the order in which they are written, lowest first.</summary>
    public ushort[] Codes { get; }

    /// <summary>
    /// Makes the code for symbols used this often. It has at least two symbols, used or not, because not every
    /// inflater takes a code with fewer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(ReadOnlySpan<int> frequencies)
    {
        Array.Clear(Lengths);
        var used = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            if (frequencies[symbol] > 0)
                _order[used++] = ((ulong)frequencies[symbol] << 32) | (uint)symbol;
        }

        if (used < 2)
        {
            var only = used == 1 ? (int)(uint)_order[0] : 0;
            (Lengths[only], Lengths[only == 0 ? 1 : 0]) = (1, 1);
        }
        else
        {
            Sort(used);
            CountLengths(used);
            Limit();
            Assign(used);
        }

        SetCodes();
    }

    /// <summary>Takes lengths that are given.</summary>
    public void Set(ReadOnlySpan<byte> lengths)
    {
        lengths.CopyTo(Lengths);
        SetCodes();
    }

    // By how often and then by number, in which order they are already: a byte at a time, lowest first, as Knuth, volume 3, 5.2.5.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort(int used)
    {
        var all = 0UL;
        for (var i = 0; i < used; i++)
            all |= _order[i];
        Span<int> places = stackalloc int[256];
        for (var shift = 32; shift < 64 && all >> shift != 0; shift += 8)
        {
            places.Clear();
            for (var i = 0; i < used; i++)
                places[(byte)(_order[i] >> shift)]++;
            var sum = 0;
            foreach (ref var place in places)
                (place, sum) = (sum, sum + place);
            for (var i = 0; i < used; i++)
                _spare[places[(byte)(_order[i] >> shift)]++] = _order[i];
            (_order, _spare) = (_spare, _order);
        }
    }

    // A. Moffat, J. Katajainen: In-place calculation of minimum-redundancy codes (1995). From left to right the tree's
    // inner nodes take the places of the weights, then from right to left depths take the places of the nodes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountLengths(int used)
    {
        var tree = _tree.AsSpan(0, used);
        for (var i = 0; i < used; i++)
            tree[i] = (uint)(_order[i] >> 32);
        var (root, leaf) = (0, 0);
        for (var next = 0; next < used - 1; next++)
        {
            var first = leaf >= used || (root < next && tree[root] < tree[leaf]) ? Take(tree, ref root, next) : tree[leaf++];
            var second = leaf >= used || (root < next && tree[root] < tree[leaf]) ? Take(tree, ref root, next) : tree[leaf++];
            tree[next] = first + second;
        }

        Array.Clear(_lengthCounts);
        tree[used - 2] = 0;
        for (var next = used - 3; next >= 0; next--)
            tree[next] = tree[(int)tree[next]] + 1;
        var (available, depth, node) = (1, 0, used - 2);
        while (available > 0)
        {
            var inner = 0;
            for (; node >= 0 && tree[node] == depth; node--)
                inner++;
            _lengthCounts[Math.Min(depth, _lengthCounts.Length - 1)] += available - inner;
            available = 2 * inner;
            depth++;
        }
    }

    private static uint Take(Span<uint> tree, ref int root, int parent)
    {
        var weight = tree[root];
        tree[root++] = (uint)parent;
        return weight;
    }

    // Codes that are too long get the longest length; then, while that is more than there is room for (Kraft's sum), a
    // shorter code makes room by becoming the parent of two.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Limit()
    {
        for (var length = _limit + 1; length < _lengthCounts.Length; length++)
            _lengthCounts[_limit] += _lengthCounts[length];
        var sum = 0L;
        for (var length = 1; length <= _limit; length++)
            sum += (long)_lengthCounts[length] << (_limit - length);
        for (; sum > 1L << _limit; sum--)
        {
            _lengthCounts[_limit]--;
            var length = _limit - 1;
            while (_lengthCounts[length] == 0)
                length--;
            _lengthCounts[length]--;
            _lengthCounts[length + 1] += 2;
        }
    }

    // The rarest symbols get the longest codes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Assign(int used)
    {
        var next = 0;
        for (var length = _limit; length > 0; length--)
        {
            for (var i = _lengthCounts[length]; i > 0; i--)
                Lengths[(int)(uint)_order[next++]] = (byte)length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetCodes()
    {
        Span<int> counts = stackalloc int[DeflateFormat.MaxCodeLength + 1];
        foreach (var length in Lengths)
            counts[length]++;
        Span<int> next = stackalloc int[DeflateFormat.MaxCodeLength + 2];
        for (var length = 1; length <= DeflateFormat.MaxCodeLength; length++)
            next[length + 1] = (next[length] + counts[length]) << 1;
        for (var symbol = 0; symbol < Lengths.Length; symbol++)
        {
            if (Lengths[symbol] is var length and > 0)
                Codes[symbol] = (ushort)DeflateFormat.Reverse(next[length]++, length);
        }
    }
}
