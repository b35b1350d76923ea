using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>An item that leads to certain bytes, which may not be on this machine yet.</summary>
/// <param name="Item">The item.</param>
/// <param name="Identity">Changes whenever the layer's files could; part of the cache key.</param>
/// <param name="OpenTreeAsync">Brings the files, downloading them if need be; may be called again.</param>
internal sealed record ResolvedLayer(
    LayerItem Item,
    Digest Identity,
    Func<CancellationToken, Task<ILayerTree>> OpenTreeAsync)
{
    /// <summary>What the layer packs to, when the lock file already knows.</summary>
    public PackedLayer? Known { get; init; }

    /// <summary>What the item resolved to, for people: a versioned ARN, a reference with digest.</summary>
    public string? ResolvedName { get; init; }
}
