using System.Buffers;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>Some bytes of the tar, with those before them that the encoder may refer to, and what they become.</summary>
internal sealed class Piece : IDisposable
{
    /// <summary>
    /// Of the tar, without what comes before. The bytes of a layer depend on it, as on a piece's seeing what was compressed just before it.
    /// </summary>
    public const int MaxLength = 1 << 18;

    // A part that is compressed has at least a header before it, or is the first one.
    private const int MaxParts = (MaxLength / TarHeader.BlockLength) + 1;

    private int? _compressed = 0; // where a part begins that is to be compressed
    private byte[]? _output;

    public byte[] Data { get; } =
        ArrayPool<byte>.Shared.Rent(DeflateFormat.WindowLength + MaxLength + DeflateEncoder.Slack);

    public byte[] Output => _output ??=
        ArrayPool<byte>.Shared.Rent(DeflateEncoder.MaxEncoded(MaxLength) + (MaxParts * DeflateEncoder.MaxEncoded(0)));

    public List<Part> Parts { get; } = [];

    public int Start { get; private set; }

    public int End { get; set; }

    public int Length => End - Start;

    public ReadOnlySpan<byte> Content => Data.AsSpan(Start, Length);

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Who still reads it; the last one gives it back.</summary>
    public int Readers = 2;

    /// <summary>What was compressed of that which comes before the piece.</summary>
    public List<(int From, int To)> Known { get; } = [];

    /// <summary>Begins anew with the end of the piece before it, which may be itself.</summary>
    public void BeginAfter(Piece before, bool isReused)
    {
        var kept = Math.Min(before.End, DeflateFormat.WindowLength);
        var first = before.End - kept;
        before.Data.AsSpan(first, kept).CopyTo(Data);
        Known.Clear();
        Known.AddRange(before.Parts
            .Where(p => p.Entry is null && p.End > first)
            .Select(p => (Math.Max(0, p.Start - first), p.End - first)));
        Parts.Clear();
        (Start, End, Readers) = (kept, kept, 2);
        _compressed = isReused ? null : Start;
    }

    public void BeginCompressed() => _compressed = End;

    public void EndCompressed()
    {
        if (_compressed is { } start && start < End)
            Parts.Add(new Part(null) { Start = start, End = End });
        _compressed = null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Data);
        if (_output is not null)
            ArrayPool<byte>.Shared.Return(_output);
    }

    /// <summary>What is compressed between two entries that are taken over, or such an entry.</summary>
    internal sealed class Part(LayerEntry? entry)
    {
        public LayerEntry? Entry => entry;

        public int Start { get; init; }

        public int End { get; init; }

        /// <summary>Of what it was compressed to.</summary>
        public int Length { get; set; }

        /// <summary>Of the entry's deflate data; null when they are not what they should be.</summary>
        public DeflateExtent? Extent { get; set; }
    }
}
