using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;

namespace LambdaLayers.Containers.Core.Layers.FromImages;

/// <summary>What one item takes out of one image; nothing is fetched until somebody asks.</summary>
/// <param name="pullAsync">The image's documents.</param>
internal sealed class ImageFiles(
    LayerItem item,
    Func<CancellationToken, Task<Image>> pullAsync,
    ImageBlobs blobs,
    ContentCache cache,
    IEngineLog log)
{
    private const int DownloadsAtOnce = 3;

    private ImageContent? _read;

    /// <summary>
    /// The image's own blobs, bottom first, when all of them can be image layers as they are; null when they are to be
    /// packed into one.
    /// </summary>
    public async Task<IReadOnlyList<PackedLayer>?> FindReadyAsync(CancellationToken cancellationToken)
    {
        var read = await ReadAsync(cancellationToken);
        if (read is { WhyRepacked: null, Reusable.Count: > 0 })
            return read.Reusable;
        log.Low($"{item.PortableName} is packed again: {read.WhyRepacked ?? "it holds nothing"}.");
        // Most likely the packer wants the files next.
        _read = read;
        return null;
    }

    /// <summary>The files under the item's SourcePath.</summary>
    public async Task<LayerTree> OpenTreeAsync(CancellationToken cancellationToken)
    {
        var read = Interlocked.Exchange(ref _read, null) ?? await ReadAsync(cancellationToken);
        return await read.OpenTreeAsync(item.SourcePath, cache, cancellationToken);
    }

    /// <summary>Opens one of the blobs that <see cref="FindReadyAsync"/> found, fetching it if it is not here.</summary>
    public async Task<Stream> OpenReadyAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (await cache.TryOpenAsync(digest, cancellationToken) is { } stream)
            return stream;
        var image = await pullAsync(cancellationToken);
        var blob = image.Layers.FirstOrDefault(l => l.Digest == digest)
            ?? throw CacheErrors.LostBlob(cache.Paths.Root);
        await blobs.EnsureAsync(blob, cancellationToken);
        return await blobs.OpenAsync(digest, cancellationToken);
    }

    private async Task<ImageContent> ReadAsync(CancellationToken cancellationToken)
    {
        var image = await pullAsync(cancellationToken);
        var reader = new ReadImage(Limits.Default);
        reader.CheckDeclared(image.Manifest.Layers);
        await Parallel.ForEachAsync(
            image.Layers.DistinctBy(l => l.Digest),
            new ParallelOptions { MaxDegreeOfParallelism = DownloadsAtOnce, CancellationToken = cancellationToken },
            async (blob, token) => await blobs.EnsureAsync(blob, token));
        var layers = image.Layers.Select(layer =>
            new ImageLayerBlob(layer.Descriptor, layer.DiffId, token => blobs.OpenAsync(layer.Digest, token)));
        // Nearly all of it is inflating and hashing: several images at once must not do it in turns.
        return await Task.Run(
            () => reader.RunAsync(
                [.. layers], item.SourcePath == item.TargetPath ? item.TargetPath : null, cancellationToken),
            cancellationToken);
    }
}
