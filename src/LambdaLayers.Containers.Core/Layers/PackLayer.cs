using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// The step from a resolved item to an image layer: described by the lock file, or from the cache, or packed once and kept
/// there.
/// </summary>
internal sealed class PackLayer(ContentCache cache, ILayerPacker packer, LockFile lockFile, IEngineLog log)
{
    private const string Mapping = "packed";

    /// <summary>Describes the layer; packs it unless the lock file or the cache knows what it packs to.</summary>
    public async Task<Layer> RunAsync(ResolvedLayer resolved, PackOptions options, CancellationToken cancellationToken)
    {
        var inputs = LayerPackingKey.Of(packer.Version, resolved.Identity, options);
        var slot = LockSlot.Of(resolved, options);
        var locked = resolved.LockKey is { } key ? lockFile.TryGetPacked(key, slot, inputs) : null;
        var known = locked ?? await cache.TryReadMappingAsync(Mapping, inputs, PackingJson.Default.PackedLayer, cancellationToken);
        var isHere = known is not null && await cache.ContainsAsync(known.Digest, cancellationToken);
        // What the lock file describes is made when somebody asks for it; the SDK asks the image's destination first.
        var isLazy = locked is not null && !isHere;
        if (!isHere && !isLazy)
            known = await PackAsync(resolved, options, inputs, known?.Digest, cancellationToken);
        if (resolved.LockKey is not null && locked is null)
            lockFile.SetPacked(resolved.LockKey, LockedPack.Of(slot, packer.Version, inputs, known!));
        return resolved.Describe(known!, isHere, isLazy, token => OpenAsync(resolved, options, inputs, known!, token));
    }

    /// <summary>Whether the lock file says what the item packs to.</summary>
    public bool IsLocked(ResolvedLayer resolved, PackOptions options) =>
        resolved.LockKey is { } key && lockFile.TryGetPacked(
            key, LockSlot.Of(resolved, options), LayerPackingKey.Of(packer.Version, resolved.Identity, options)) is not null;

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
            using var making = await cache.LockAsync(key, cancellationToken);
            if (await MadeByAnotherAsync(key, expected, cancellationToken) is { } made)
                return made;
            using var tree = await resolved.OpenTreeAsync(cancellationToken);
            log.Normal($"Packing {resolved.Item.PortableName} into {options.TargetPath}.");
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

    // While this build waited for its turn.
    private async Task<PackedLayer?> MadeByAnotherAsync(Digest key, Digest? expected, CancellationToken cancellationToken)
    {
        var made = await cache.TryReadMappingAsync(Mapping, key, PackingJson.Default.PackedLayer, cancellationToken);
        return made is not null && (expected is null || made.Digest == expected)
            && await cache.ContainsAsync(made.Digest, cancellationToken)
            ? made
            : null;
    }
}
