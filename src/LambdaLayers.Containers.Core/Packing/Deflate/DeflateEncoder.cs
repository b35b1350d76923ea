using System.Numerics;
using System.Runtime.CompilerServices;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Compresses one piece of a deflate stream (RFC 1951), which begins and ends at a byte boundary, so that pieces made
/// apart from one another can follow one another. The bytes depend on nothing but the piece, what comes before it and
/// the level: integers only, and no code of the runtime's native zlib, which differs by distribution and version. One
/// encoder can make any number of pieces, one after the other.
/// </summary>
/// <remarks>
/// A match is taken unless one that begins a byte or two later is better. After many bytes without a match fewer places are
/// looked at, so that data that are compressed already are passed over fast; their blocks come out as stored.
/// </remarks>
internal sealed class DeflateEncoder
{
    /// <summary>Bytes that must be in the array after the piece; what they are does not matter.</summary>
    public const int Slack = MatchFinder.Slack;

    private readonly MatchFinder _finder = new();
    private readonly BlockEncoder _block = new();
    private readonly BlockSplitter _splitter = new();
    private byte[] _data = [];
    private DeflateLevel _level = DeflateLevel.Of(1);

    /// <summary>The most bytes that a piece of <paramref name="length"/> bytes becomes, and room for writing them.</summary>
    public static int MaxEncoded(int length) => length + (length >> 8) + 64;

    /// <summary>Takes the array that <see cref="Know"/> and <see cref="Encode"/> are about; nothing of it is known yet.</summary>
    public void Begin(byte[] data, DeflateLevel level)
    {
        _finder.Begin(data, level);
        (_data, _level) = (data, level);
    }

    /// <summary>Says that matches may begin from here to there, which comes before all that is compressed.</summary>
    public void Know(int from, int to)
    {
        _finder.EndAt(to);
        _finder.Skip(from, to);
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
        _finder.EndAt(end);
        var earlier = _finder.Open().Note(start);
        for (var position = start; position < end;)
        {
            _block.Begin(_data, position);
            _splitter.Begin();
            position = FillBlock(position, end, ref earlier);
            _block.WriteTo(ref writer, position);
        }

        BlockEncoder.Align(ref writer);
        return writer.Length;
    }

    // `earlier` is what was noted with the place where the block begins, and afterwards with the one where the next block does.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FillBlock(int position, int end, ref MatchFinder.Earlier earlier)
    {
        var (finder, block) = (_finder, _block);
        var tables = finder.Open();
        var misses = 0;
        var (depth, nice, lazy) = (_level.Depth, _level.Nice, _level.Lazy);
        var here = earlier;
        do
        {
            var next = tables.Note(position + 1);
            var match = finder.Longest(position, here, depth);
            if (match.Length == 0)
            {
                // The more often in vain, the fewer places are looked at.
                var step = Math.Min(1 + (misses++ >> 7), end - position);
                block.Literals(position, position + step);
                position += step;
                here = step == 1 ? next : tables.Note(position);
                continue;
            }

            misses = 0;
            var ahead = position + 1;
            for (var looks = 0; looks < lazy && match.Length < nice; looks++)
            {
                var (later, places) = (ahead++, next);
                next = tables.Note(ahead);
                var better = finder.Longer(later, places, match.Length - 1, depth >> (1 + looks));
                // Whether waiting pays is a matter of bytes won, and of the bits of the distance.
                var gain = (4 * (better.Length - match.Length))
                    + BitOperations.Log2((uint)match.Distance) - BitOperations.Log2((uint)better.Distance);
                if (better.Length == 0 || gain <= 2 + (4 * (later - position - 1)))
                    continue;
                block.Literals(position, later);
                (position, match, looks) = (later, better, -1);
            }

            block.Match(position, match.Length, match.Distance);
            position += match.Length;
            here = next;
            if (position > ahead)
            {
                finder.Skip(ahead + 1, position);
                here = tables.Note(position);
            }
        }
        while (position < end && !block.IsFull && !_splitter.ShouldEnd(block, position, end));
        earlier = here;
        return position;
    }
}
