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

    /// <summary>Begins a new block.</summary>
    public void Begin()
    {
        Array.Clear(_seen);
        _seenTotal = 0;
    }

    /// <summary>Whether the block should end at a position, where what is to be compressed ends at <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ShouldEnd(BlockEncoder block, int position, int end)
    {
        var length = position - block.Start;
        if (length < MinBlock || end - position < MinBlock)
            return false;
        var symbols = block.Symbols(position);
        return symbols >= _seenTotal + Interval && Look(block.LengthCounts, symbols, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Look(ReadOnlySpan<int> counts, int symbols, int length)
    {
        for (var i = 0; i < Classes; i++)
            _recent[i] = -_seen[i];
        for (var literal = 0; literal < DeflateFormat.EndOfBlock; literal++)
            _recent[((literal >> 5) & 6) | (literal & 1)] += counts[literal];
        for (var symbol = DeflateFormat.FirstLength; symbol < counts.Length; symbol++)
            _recent[symbol < FirstLong ? 8 : 9] += counts[symbol];
        if (_seenTotal > 0 && IsDifferent(symbols - _seenTotal, length))
            return true;
        for (var i = 0; i < Classes; i++)
            _seen[i] += _recent[i];
        _seenTotal = symbols;
        return false;
    }

    // The longer the block, the smaller a difference is enough.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsDifferent(int recentTotal, int length)
    {
        var delta = 0L;
        for (var i = 0; i < Classes; i++)
            delta += Math.Abs(((long)_seen[i] * recentTotal) - ((long)_recent[i] * _seenTotal));
        var cutoff = recentTotal * 200L / 512 * _seenTotal;
        return delta + (length / 4096L * _seenTotal) >= cutoff;
    }
}
