using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>Writes a tree's placed entries as a tar, under the rules for modes and times, and gathers the layer's facts.</summary>
internal sealed class LayerTarWriter(LayerBlobWriter output, DateTimeOffset defaultTime)
{
    private const int HeadLength = 1 << 14;
    private const int EndBlocks = 2;

    private static readonly byte[] Zeros = new byte[TarHeader.BlockLength * EndBlocks];

    // Headers of the files that hard links name: an unpacker may set mode and time of the file from any of its names.
    private readonly Dictionary<string, LayerEntry?> _linked = new(StringComparer.Ordinal);

    private readonly byte[] _head = new byte[HeadLength];

    /// <summary>What the entries written so far have shown.</summary>
    public FactsCollector Facts { get; } = new();

    /// <summary>Writes all entries and the end of the tar. Throws LLC30xx for content that is not what it should be.</summary>
    public async Task WriteAsync(IReadOnlyList<LayerEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var link in entries.Where(e => e.Kind == EntryKind.HardLink))
            _linked[link.LinkTarget!] = null;
        foreach (var entry in entries)
        {
            if (entry.Kind == EntryKind.File)
                await WriteFileAsync(entry, cancellationToken);
            else
                await WriteHeaderAsync(entry, default);
        }

        await output.WriteAsync(Zeros);
    }

    private async Task WriteFileAsync(LayerEntry entry, CancellationToken cancellationToken)
    {
        await using var content = entry.Open?.Invoke()
            ?? throw new InvalidOperationException($"The file '{entry.Path}' has no content.");
        // The mode may depend on how the content begins, so that much is read before the header is written. All sources are
        // files of this machine, for which waiting costs less than a trip through the thread pool.
        var head = content.ReadAtLeast(_head, FileSignature.HeadLength, throwOnEndOfStream: false);
        var signature = FileSignature.Of(_head.AsSpan(0, Math.Min(head, FileSignature.HeadLength)));
        await WriteHeaderAsync(entry, signature);
        output.BeginContent(entry);
        // A source that checks itself has thrown by now; the tar must not be wrong for one that does not.
        if (head > entry.Size)
            throw PackingErrors.FileChanged(entry.Path);
        await output.WriteAsync(_head.AsMemory(0, head));
        var left = entry.Size - head;
        for (int read; (read = content.Read(output.Room.Span)) > 0; left -= read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (read > left)
                throw PackingErrors.FileChanged(entry.Path);
            await output.AdvanceAsync(read);
        }

        if (left != 0)
            throw PackingErrors.FileChanged(entry.Path);
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.Padding(entry.Size)));
    }

    private async Task WriteHeaderAsync(LayerEntry entry, FileSignature signature)
    {
        var written = Completed(entry, signature);
        if (_linked.ContainsKey(entry.Path))
            _linked[entry.Path] = written;
        Facts.Add(entry, signature);
        await output.WriteAsync(TarHeader.Encode(written));
    }

    // With mode and time as they are in the image.
    private LayerEntry Completed(LayerEntry entry, FileSignature signature)
    {
        if (entry.Kind == EntryKind.HardLink)
        {
            var file = _linked[entry.LinkTarget!]!;
            return entry with { Mode = file.Mode, Modified = file.Modified };
        }

        var time = entry.Modified ?? defaultTime;
        return entry with
        {
            Mode = ModeRules.Of(entry, signature),
            Modified = time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time,
        };
    }
}
