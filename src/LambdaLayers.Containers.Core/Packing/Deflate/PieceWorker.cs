using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>What works on one piece after the other; several do at once.</summary>
internal sealed class PieceWorker
{
    // Of all layers: to make their tables takes longer than to pack a small layer.
    private static readonly ConcurrentBag<PieceWorker> Idle = [];

    private readonly DeflateEncoder _encoder = new();
    private readonly DeflateWalker _walker = new();

    /// <summary>Compresses, or walks over, the parts of a piece, and tells them what became of them.</summary>
    public static void WorkOn(Piece piece, DeflateLevel level)
    {
        var worker = Idle.TryTake(out var idle) ? idle : new PieceWorker();
        worker.Run(piece, level);
        Idle.Add(worker);
    }

    private void Run(Piece piece, DeflateLevel level)
    {
        var (length, isBegun) = (0, false);
        foreach (var part in piece.Parts)
        {
            if (part.Entry is not null)
            {
                part.Extent = Walk(part.Entry);
                continue;
            }

            if (!isBegun)
                Begin(piece, level);
            isBegun = true;
            part.Length = _encoder.Encode(part.Start, part.End, piece.Output.AsSpan(length));
            length += part.Length;
        }
    }

    private void Begin(Piece piece, DeflateLevel level)
    {
        _encoder.Begin(piece.Data, level);
        foreach (var (from, to) in piece.Known)
            _encoder.Know(from, to);
    }

    // Before anything is written, so that a stream that is not what it should be costs nothing but the compression of its
    // content.
    private DeflateExtent? Walk(LayerEntry entry)
    {
        try
        {
            using var raw = entry.Deflated!.Open();
            return _walker.TryWalk(raw, out var extent) && extent.Length == entry.Size ? extent : null;
        }
        catch (IOException)
        {
            return null; // the entry's own stream says it better
        }
    }
}
