using System.Buffers;
using LambdaLayers.Containers.Core.Packing.Deflate;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>Writes a tree's placed entries as a tar, under the rules for modes and times, and gathers the layer's facts.</summary>
internal sealed class LayerTarWriter(LayerBlobWriter output, DateTimeOffset defaultTime)
{
    private const int BufferLength = 1 << 17;
    private const int EndBlocks = 2;

    private static readonly byte[] Zeros = new byte[TarHeader.BlockLength * EndBlocks];

    // Headers of the files that hard links name: an unpacker may set mode and time of the file from any of its names.
    private readonly Dictionary<string, LayerEntry?> _linked = new(StringComparer.Ordinal);

    /// <summary>What the entries written so far have shown.</summary>
    public FactsCollector Facts { get; } = new();

    /// <summary>Writes all entries and the end of the tar. Throws LLC30xx for content that is not what it should be.</summary>
    public async Task WriteAsync(IReadOnlyList<LayerEntry> entries, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            foreach (var link in entries.Where(e => e.Kind == EntryKind.HardLink))
                _linked[link.LinkTarget!] = null;
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.Kind == EntryKind.File)
                    await WriteFileAsync(entry, buffer, cancellationToken);
                else
                    await WriteHeaderAsync(entry, default, cancellationToken);
            }

            await output.WriteAsync(Zeros, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteFileAsync(LayerEntry entry, byte[] buffer, CancellationToken cancellationToken)
    {
        await using var content = entry.Open?.Invoke()
            ?? throw new InvalidOperationException($"The file '{entry.Path}' has no content.");
        // The mode may depend on how the content begins, so that much is read before the header is written.
        var read = await content.ReadAtLeastAsync(
            buffer, FileSignature.HeadLength, throwOnEndOfStream: false, cancellationToken);
        var signature = FileSignature.Of(buffer.AsSpan(0, Math.Min(read, FileSignature.HeadLength)));
        await WriteHeaderAsync(entry, signature, cancellationToken);
        await output.BeginContentAsync(entry);
        var written = 0L;
        for (; read > 0; read = await content.ReadAsync(buffer, cancellationToken))
        {
            written += read;
            // A source that checks itself has thrown by now; the tar must not be wrong for one that does not.
            if (written > entry.Size)
                throw PackingErrors.FileChanged(entry.Path);
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (written != entry.Size)
            throw PackingErrors.FileChanged(entry.Path);
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.Padding(written)), cancellationToken);
    }

    private async Task WriteHeaderAsync(LayerEntry entry, FileSignature signature, CancellationToken cancellationToken)
    {
        var written = Completed(entry, signature);
        if (_linked.ContainsKey(entry.Path))
            _linked[entry.Path] = written;
        Facts.Add(entry, signature);
        await output.WriteAsync(TarHeader.Encode(written), cancellationToken);
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
