using System.Collections.Concurrent;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// Packs trees that the next build has other content for, such as an application. Their blobs are temporary files of this
/// build: the cache keeps what it is given, and would grow with every change of the code.
/// </summary>
internal sealed class PackTemporary(LayerPacker packer, ContentCache cache, IEngineLog log) : IDisposable
{
    private readonly ConcurrentBag<TemporaryFile> _files = [];

    /// <summary>Packs the tree now. The layer can be opened until this is disposed.</summary>
    public async Task<Layer> RunAsync(
        LayerTree tree, LayerOrigin origin, PackOptions options, CancellationToken cancellationToken)
    {
        log.Low($"Packing {origin.Name} into {options.TargetPath}.");
        var file = cache.CreateTemporary();
        _files.Add(file);
        var packed = await packer.PackAsync(tree, options, file.Stream, cancellationToken);
        var blob = new Descriptor(MediaTypes.OciLayerGzip, packed.Digest, packed.Size);
        return new Layer(blob, packed.DiffId, origin, token => OpenAsync(file, packed.Digest, token)) { Facts = packed.Facts };
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    // As with what the cache has: whoever opens it gets the bytes that the manifest names, or an error.
    private async Task<Stream> OpenAsync(TemporaryFile file, Digest digest, CancellationToken cancellationToken)
    {
        var stream = file.OpenRead();
        if (await Digest.OfAsync(stream, cancellationToken) == digest)
        {
            stream.Position = 0;
            return stream;
        }

        await stream.DisposeAsync();
        throw CacheErrors.LostBlob(cache.Paths.Root);
    }
}
