using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.FromImages;

/// <summary>Brings blobs of images into the cache, each once, however many items want it.</summary>
internal sealed class ImageBlobs(ContentCache cache, IEngineLog log)
{
    private readonly KeyedGate<Digest> _gate = new();

    /// <summary>Downloads the blob unless the cache has it; it is verified before it counts as there.</summary>
    public async Task EnsureAsync(Layer blob, CancellationToken cancellationToken)
    {
        using var turn = await _gate.EnterAsync(blob.Digest, cancellationToken);
        if (await cache.ContainsAsync(blob.Digest, cancellationToken))
            return;
        log.Normal($"Downloading the layer {blob.Digest} of {blob.Origin.Source}, {blob.Size} bytes.");
        await using var content = await blob.OpenCompressedAsync(cancellationToken);
        using var file = cache.CreateTemporary();
        await content.CopyToAsync(file.Stream, cancellationToken);
        cache.Commit(file, blob.Digest);
    }

    /// <summary>Opens a blob that <see cref="EnsureAsync"/> has brought.</summary>
    public async Task<Stream> OpenAsync(Digest digest, CancellationToken cancellationToken) =>
        await cache.TryOpenAsync(digest, cancellationToken)
        ?? throw CacheErrors.LostBlob(cache.Paths.Root);
}
