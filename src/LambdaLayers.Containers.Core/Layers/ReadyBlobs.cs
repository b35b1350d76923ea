using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Blobs at an item's source that may be image layers as they are, one item becoming several layers.</summary>
/// <param name="FindAsync">The blobs, bottom first, all in the cache; null when the item is to be packed.</param>
/// <param name="OpenAsync">Opens one of them, fetching it if it is not there any more.</param>
internal sealed record ReadyBlobs(
    Func<CancellationToken, Task<IReadOnlyList<PackedLayer>?>> FindAsync,
    Func<Digest, CancellationToken, Task<Stream>> OpenAsync);
