using System.Collections.Concurrent;
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
internal sealed class PackLayer(ContentCache cache, LayerPacker packer, LockFile lockFile, IEngineLog log)
{
    private const string Mapping = "packed";

    // What this build has made although it was recorded: once is enough for all platforms.
    private readonly ConcurrentDictionary<Digest, byte> _verified = new();

    /// <summary>Describes the layer; packs it unless the lock file or the cache knows what it packs to.</summary>
    public Task<Layer> RunAsync(ResolvedLayer resolved, PackOptions options, CancellationToken cancellationToken) =>
        resolved.Item.Origin.AttributeAsync(() => DescribeAsync(resolved, options, cancellationToken));

    private async Task<Layer> DescribeAsync(
        ResolvedLayer resolved, PackOptions options, CancellationToken cancellationToken)
    {
        var inputs = LayerPackingKey.Of(LayerPacker.Version, resolved.Identity, options);
        var slot = LockSlot.Of(resolved, options);
        var locked = FindLocked(resolved, slot, inputs);
        var made = MustVerify(resolved, inputs) ? null : await TryReadMadeAsync(inputs, cancellationToken);
        if (made is not null && locked?.DifferenceFrom(made) is { } difference)
            throw LockErrors.ContradictsCache(lockFile.Path, difference);
        // What the lock file describes is made when somebody asks for it; the SDK asks the image's destination first.
        var isLazy = made is null && locked is not null && !lockFile.IsVerified;
        var packed = made ?? (isLazy ? locked! : await PackAsync(resolved, options, inputs, locked, cancellationToken));
        if (resolved.LockKey is not null && locked is null)
            lockFile.SetPacked(resolved.LockKey, LockedLayer.Of(slot, LayerPacker.Version, inputs, packed));
        return resolved.Describe(
            packed, made is not null, isLazy, token => OpenAsync(resolved, options, inputs, packed, locked, token));
    }

    /// <summary>Whether the lock file says what the item packs to.</summary>
    public bool IsLocked(ResolvedLayer resolved, PackOptions options) =>
        FindLocked(
            resolved, LockSlot.Of(resolved, options), LayerPackingKey.Of(LayerPacker.Version, resolved.Identity, options)) is not null;

    private PackedLayer? FindLocked(ResolvedLayer resolved, LockSlot slot, Digest inputs) =>
        resolved is { LockKey: { } key, IsRefreshed: false } ? lockFile.TryGetPacked(key, slot, inputs) : null;

    private bool MustVerify(ResolvedLayer resolved, Digest inputs) =>
        lockFile.IsVerified && resolved.LockKey is not null && !_verified.ContainsKey(inputs);

    private async Task<Stream> OpenAsync(
        ResolvedLayer resolved, PackOptions options, Digest inputs, PackedLayer described, PackedLayer? locked,
        CancellationToken cancellationToken)
    {
        // That the cache has a blob of this digest is not enough: only what was made of these inputs counts.
        var made = await TryReadMadeAsync(inputs, cancellationToken);
        if (made is null || made.DifferenceFrom(described) is not null)
        {
            made = await PackAsync(resolved, options, inputs, locked, cancellationToken);
            if (made.Digest != described.Digest)
                throw LockErrors.SourceKeepsChanging(described.Digest, made.Digest);
        }

        return await cache.TryOpenAsync(made.Digest, cancellationToken)
            ?? throw CacheErrors.LostBlob(cache.Paths.Root);
    }

    private async Task<PackedLayer> PackAsync(
        ResolvedLayer resolved, PackOptions options, Digest inputs, PackedLayer? locked, CancellationToken cancellationToken)
    {
        using var making = await cache.LockAsync(inputs, cancellationToken);
        // While this build waited for its turn, another may have made it.
        if (!MustVerify(resolved, inputs)
            && await TryReadMadeAsync(inputs, cancellationToken) is { } other && locked?.DifferenceFrom(other) is null)
            return other;
        using var tree = await resolved.OpenTreeAsync(cancellationToken);
        log.Normal($"Packing {resolved.Item.PortableName} into {options.TargetPath}.");
        using var file = cache.CreateTemporary();
        var packed = await packer.PackAsync(tree, options, file.Stream, cancellationToken);
        if (locked?.DifferenceFrom(packed) is { } difference)
            throw LockErrors.NotAsLocked(lockFile.Path, difference);
        cache.Commit(file, packed.Digest);
        await cache.WriteMappingAsync(Mapping, inputs, packed, PackingJson.Default.PackedLayer, cancellationToken);
        _verified.TryAdd(inputs, 0);
        return packed;
    }

    // Null also for a mapping that leads to nothing or cannot be true; what is made next takes its place.
    private async Task<PackedLayer?> TryReadMadeAsync(Digest inputs, CancellationToken cancellationToken)
    {
        var made = await cache.TryReadMappingAsync(Mapping, inputs, PackingJson.Default.PackedLayer, cancellationToken);
        return made is not null && made.IsPlausible() && await IsHereAsync(cache, made, cancellationToken) ? made : null;
    }

    /// <summary>Whether the cache has the blob, whole and as long as it is said to be.</summary>
    public static async Task<bool> IsHereAsync(ContentCache cache, PackedLayer packed, CancellationToken cancellationToken)
    {
        await using var blob = await cache.TryOpenAsync(packed.Digest, cancellationToken);
        return blob is not null && blob.Length == packed.Size;
    }
}
