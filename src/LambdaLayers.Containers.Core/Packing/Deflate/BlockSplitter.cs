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

    private readonly int[] _block = new int[Classes];
    private readonly int[] _recent = new int[Classes];
    private int _blockTotal;
    private int _recentTotal;

    /// <summary>Begins a new block.</summary>
    public void Begin()
    {
        Array.Clear(_block);
        Array.Clear(_recent);
        (_blockTotal, _recentTotal) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Literals(ReadOnlySpan<byte> values)
    {
        foreach (var value in values)
            _recent[((value >> 5) & 6) | (value & 1)]++;
        _recentTotal += values.Length;
    }

    public void Match(int length)
    {
        _recent[length < 9 ? 8 : 9]++;
        _recentTotal++;
    }

    /// <summary>Whether the block should end after <paramref name="length"/> bytes, of what <paramref name="rest"/> follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool ShouldEnd(int length, int rest)
    {
        if (_recentTotal < Interval || length < MinBlock || rest < MinBlock)
            return false;
        if (_blockTotal > 0 && IsDifferent(length))
            return true;
        for (var i = 0; i < Classes; i++)
        {
            _block[i] += _recent[i];
            _recent[i] = 0;
        }

        (_blockTotal, _recentTotal) = (_blockTotal + _recentTotal, 0);
        return false;
    }

    // The longer the block, the smaller a difference is enough.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsDifferent(int length)
    {
        var delta = 0L;
        for (var i = 0; i < Classes; i++)
            delta += Math.Abs(((long)_block[i] * _recentTotal) - ((long)_recent[i] * _blockTotal));
        var cutoff = _recentTotal * 200L / 512 * _blockTotal;
        return delta + (length / 4096L * _blockTotal) >= cutoff;
    }
}
