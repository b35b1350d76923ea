using System.Buffers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// The files under one path of an image. Content is in one temporary file, one entry after the other, until disposed.
/// </summary>
internal sealed class ImageTree
{
    private const int BufferLength = 1 << 17;

    private readonly TemporaryFile _content;
    private readonly Dictionary<FileContent, long> _offsets = [];

    private ImageTree(TemporaryFile content) => _content = content;

    /// <summary>Brings the entries' content together.</summary>
    public static async Task<LayerTree> OpenAsync(
        ImageContent image,
        IReadOnlyList<(LayerEntry Entry, FileContent? Content)> entries,
        ContentCache cache,
        CancellationToken cancellationToken)
    {
        var tree = new ImageTree(cache.CreateTemporary());
        try
        {
            foreach (var layer in entries.Select(e => e.Content).OfType<FileContent>().GroupBy(c => c.Layer).OrderBy(g => g.Key))
            {
                await tree.CopyAsync(
                    image.Layers[layer.Key], layer.ToDictionary(c => c.Ordinal), cancellationToken);
            }

            await tree._content.Stream.FlushAsync(cancellationToken);
            return new LayerTree(
                [.. entries.Select(e => e.Content is null ? e.Entry : e.Entry with { Open = tree.Opener(e.Content) })],
                tree._content);
        }
        catch
        {
            tree._content.Dispose();
            throw;
        }
    }

    private Func<Stream> Opener(FileContent content)
    {
        var range = new FileRange(_content.Stream.SafeFileHandle, _offsets[content], content.Size);
        return () => range.Open();
    }

    private Task<int> CopyAsync(
        ImageLayerBlob layer, Dictionary<int, FileContent> wanted, CancellationToken cancellationToken) =>
        Unpacking.ReadAsync(
            layer,
            async tar =>
            {
                var ordinal = 0;
                for (var left = wanted.Count; left > 0; ordinal++)
                {
                    // The same bytes were read before; if they have changed since, the sizes do not fit any more.
                    var entry = await tar.NextAsync(cancellationToken);
                    if (entry is null)
                        throw new EndOfStreamException("it is shorter than when it was first read");
                    if (!wanted.TryGetValue(ordinal, out var content))
                        continue;
                    if (entry.Size != content.Size)
                        throw new InvalidDataException("it has changed since it was first read");
                    _offsets.Add(content, _content.Stream.Position);
                    await CopyContentAsync(tar, cancellationToken);
                    left--;
                }

                return ordinal;
            },
            stream => stream,
            cancellationToken);

    private async Task CopyContentAsync(TarInput tar, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int read;
            while ((read = await tar.ReadAsync(buffer, cancellationToken)) > 0)
                await _content.Stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
