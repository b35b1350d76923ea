using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>The step from a resolved item to an image layer: from the cache, or packed once and kept there.</summary>
internal sealed class PackLayer(ContentCache cache, ILayerPacker packer, IEngineLog log)
{
    private const string Mapping = "packed";

    /// <summary>Describes the layer; packs it unless the cache or the lock file knows what it packs to.</summary>
    public async Task<Layer> RunAsync(ResolvedLayer resolved, PackOptions options, CancellationToken cancellationToken)
    {
        var key = LayerPackingKey.Of(packer.Version, resolved.Identity, options);
        var known = resolved.Known
            ?? await cache.TryReadMappingAsync(Mapping, key, PackingJson.Default.PackedLayer, cancellationToken);
        var cached = known is not null
            && (resolved.Known is not null || await cache.ContainsAsync(known.Digest, cancellationToken));
        if (!cached)
            known = await PackAsync(resolved, options, key, known?.Digest, cancellationToken);
        return new Layer(resolved.Item, known!, cached, token => OpenAsync(resolved, options, key, known!, token))
        {
            ResolvedName = resolved.ResolvedName,
        };
    }

    private async Task<Stream> OpenAsync(
        ResolvedLayer resolved, PackOptions options, Digest key, PackedLayer known, CancellationToken cancellationToken)
    {
        if (await cache.TryOpenAsync(known.Digest, cancellationToken) is { } stream)
            return stream;
        // A described layer that is not here (any more) is made now; it must come out as described.
        await PackAsync(resolved, options, key, known.Digest, cancellationToken);
        return await cache.TryOpenAsync(known.Digest, cancellationToken)
            ?? throw EnvironmentErrors.CacheLostBlob(cache.Paths.Root).For(resolved.Item.Origin);
    }

    private async Task<PackedLayer> PackAsync(
        ResolvedLayer resolved, PackOptions options, Digest key, Digest? expected, CancellationToken cancellationToken)
    {
        try
        {
            log.Normal($"Packing {resolved.Item.PortableName} into {options.TargetPath}.");
            using var tree = await resolved.OpenTreeAsync(cancellationToken);
            using var file = cache.CreateTemporary();
            var packed = await packer.PackAsync(tree, options, file.Stream, cancellationToken);
            if (expected is not null && packed.Digest != expected)
                throw ContentErrors.PackedDiffers(expected, packed.Digest);
            cache.Commit(file, packed.Digest);
            await cache.WriteMappingAsync(Mapping, key, packed, PackingJson.Default.PackedLayer, cancellationToken);
            return packed;
        }
        catch (LayersException e)
        {
            throw e.For(resolved.Item.Origin);
        }
    }
}
