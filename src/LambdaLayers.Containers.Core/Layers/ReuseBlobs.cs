using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// The step from a resolved item to image layers whose blobs its source already has. The lock file records a single blob;
/// for several of them the source is asked again on a machine that has never seen them.
/// </summary>
internal sealed class ReuseBlobs(ContentCache cache, LockFile lockFile)
{
    private const string Mapping = "reused";
    private const string Version = "reuse-1";

    /// <summary>The layers, bottom first; null when the item is to be packed.</summary>
    public async Task<IReadOnlyList<Layer>?> TryRunAsync(
        ResolvedLayer resolved, PackOptions options, CancellationToken cancellationToken)
    {
        if (resolved.Ready is null)
            return null;
        var inputs = LayerPackingKey.Of(Version, resolved.Identity, options);
        var slot = LockSlot.Of(resolved, options);
        var locked = resolved is { LockKey: { } key, IsRefreshed: false } ? lockFile.TryGetPacked(key, slot, inputs) : null;
        var made = lockFile.IsVerified ? null : await TryReadMadeAsync(inputs, cancellationToken);
        if (made is not null && DifferenceFrom(locked, made) is { } difference)
            throw LockErrors.ContradictsCache(lockFile.Path, difference);
        if (made is null && locked is not null && !lockFile.IsVerified)
        {
            return
            [
                resolved.Describe(
                    locked, fromCache: false, isLazy: true, token => OpenLockedAsync(resolved, inputs, locked, token)),
            ];
        }

        var wasMade = made is not null;
        made ??= await FindAsync(resolved, inputs, locked, cancellationToken);
        if (made.Blobs is [var only] && resolved.LockKey is not null)
            lockFile.SetPacked(resolved.LockKey, LockedLayer.Of(slot, Version, inputs, only));
        return made.Blobs.Count == 0 ? null : [.. made.Blobs.Select(blob =>
            resolved.Describe(blob, wasMade, isLazy: false, token => resolved.Ready.OpenAsync(blob.Digest, token)))];
    }

    private async Task<PackedLayers> FindAsync(
        ResolvedLayer resolved, Digest inputs, PackedLayer? locked, CancellationToken cancellationToken)
    {
        var found = new PackedLayers(await resolved.Ready!.FindAsync(cancellationToken) ?? []);
        if (DifferenceFrom(locked, found) is { } difference)
            throw LockErrors.NotAsLocked(lockFile.Path, difference);
        await cache.WriteMappingAsync(Mapping, inputs, found, PackingJson.Default.PackedLayers, cancellationToken);
        return found;
    }

    private static string? DifferenceFrom(PackedLayer? locked, PackedLayers found) => (locked, found.Blobs) switch
    {
        (null, _) => null,
        ({ }, [var only]) => locked.DifferenceFrom(only),
        _ => $"the blob {locked.Digest} is recorded, the image has {found.Blobs.Count} that can be layers",
    };

    // Null also for a mapping that leads to nothing or cannot be true; what is found next takes its place.
    private async Task<PackedLayers?> TryReadMadeAsync(Digest inputs, CancellationToken cancellationToken)
    {
        var made = await cache.TryReadMappingAsync(Mapping, inputs, PackingJson.Default.PackedLayers, cancellationToken);
        if (made is null)
            return null;
        foreach (var blob in made.Blobs)
        {
            if (blob is null || !blob.IsPlausible() || !await PackLayer.IsHereAsync(cache, blob, cancellationToken))
                return null;
        }

        return made;
    }

    // That the cache has a blob of this digest is not enough: the image must have it, and be what the lock file says.
    private async Task<Stream> OpenLockedAsync(
        ResolvedLayer resolved, Digest inputs, PackedLayer locked, CancellationToken cancellationToken)
    {
        if (await TryReadMadeAsync(inputs, cancellationToken) is not { } made || DifferenceFrom(locked, made) is not null)
            await FindAsync(resolved, inputs, locked, cancellationToken);
        return await resolved.Ready!.OpenAsync(locked.Digest, cancellationToken);
    }
}
