using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Notices when data begin to look different, so that a block with other codes pays off. The idea is libdeflate's: count
/// literals in eight classes by their bits, and short and long matches, and compare the last of them with the block's.
/// </summary>
internal sealed class BlockSplitter
{
    private const int MinBlock = 10_000;
    private const int Interval = 512;
    private const int Classes = 10;

    // Lengths from 3 to 8 have symbols of their own (RFC 1951, 3.2.5).
    private const int FirstLong = DeflateFormat.FirstLength + 6;

    private readonly int[] _seen = new int[Classes];
    private readonly int[] _recent = new int[Classes];
    private int _seenTotal;
    private int _recentTotal;

    /// <summary>Begins a new block.</summary>
    public void Begin()
    {
        Array.Clear(_seen);
        _seenTotal = 0;
    }

    /// <summary>
    /// Whether the block should end at a position, after <paramref name="length"/> bytes, of what <paramref name="rest"/> follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ShouldEnd(BlockEncoder block, int position, int length, int rest) =>
        length >= MinBlock && rest >= MinBlock && block.Symbols(position) >= _seenTotal + Interval
        && Look(block.LengthCounts, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Look(ReadOnlySpan<int> counts, int length)
    {
        for (var i = 0; i < Classes; i++)
            _recent[i] = -_seen[i];
        for (var literal = 0; literal < DeflateFormat.EndOfBlock; literal++)
            _recent[((literal >> 5) & 6) | (literal & 1)] += counts[literal];
        for (var symbol = DeflateFormat.FirstLength; symbol < counts.Length; symbol++)
            _recent[symbol < FirstLong ? 8 : 9] += counts[symbol];
        _recentTotal = 0;
        foreach (var count in _recent)
            _recentTotal += count;
        if (_seenTotal > 0 && IsDifferent(length))
            return true;
        for (var i = 0; i < Classes; i++)
            _seen[i] += _recent[i];
        _seenTotal += _recentTotal;
        return false;
    }

    // The longer the block, the smaller a difference is enough.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsDifferent(int length)
    {
        var delta = 0L;
        for (var i = 0; i < Classes; i++)
            delta += Math.Abs(((long)_seen[i] * _recentTotal) - ((long)_recent[i] * _seenTotal));
        var cutoff = _recentTotal * 200L / 512 * _seenTotal;
        return delta + (length / 4096L * _seenTotal) >= cutoff;
    }
}
