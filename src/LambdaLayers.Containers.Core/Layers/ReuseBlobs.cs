using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
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
        if (resolved.LockKey is { } key && lockFile.TryGetPacked(key, slot, inputs) is { } locked)
            return [await DescribeAsync(resolved, locked, cancellationToken)];
        var known = await cache.TryReadMappingAsync(Mapping, inputs, PackingJson.Default.PackedLayers, cancellationToken);
        var wasKnown = known is not null;
        if (known is null)
        {
            known = new PackedLayers(await resolved.Ready.FindAsync(cancellationToken) ?? []);
            await cache.WriteMappingAsync(Mapping, inputs, known, PackingJson.Default.PackedLayers, cancellationToken);
        }

        if (known.Blobs is [var only] && resolved.LockKey is not null)
            lockFile.SetPacked(resolved.LockKey, LockedPack.Of(slot, Version, inputs, only));
        var layers = new List<Layer>(known.Blobs.Count);
        foreach (var blob in known.Blobs)
            layers.Add(resolved.Describe(blob, wasKnown, isLazy: false, token => OpenAsync(resolved, blob.Digest, token)));
        return layers.Count > 0 ? layers : null;
    }

    private async Task<Layer> DescribeAsync(
        ResolvedLayer resolved, PackedLayer blob, CancellationToken cancellationToken)
    {
        var isHere = await cache.ContainsAsync(blob.Digest, cancellationToken);
        return resolved.Describe(blob, isHere, isLazy: !isHere, token => OpenAsync(resolved, blob.Digest, token));
    }

    private static async Task<Stream> OpenAsync(ResolvedLayer resolved, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await resolved.Ready!.OpenAsync(digest, cancellationToken);
        }
        catch (LayersException e)
        {
            throw e.For(resolved.Item.Origin);
        }
    }
}
