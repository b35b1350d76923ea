using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>Blobs that an item becomes as they are; none when it must be packed.</summary>
internal sealed record PackedLayers(IReadOnlyList<PackedLayer> Blobs) : ICacheMapping
{
    // A list out of a file may hold nulls, whatever its type says.
    IEnumerable<(Digest? Digest, long Size)> ICacheMapping.Blobs =>
        Blobs.Select(blob => ((Digest?)blob?.Digest, blob?.Size ?? 0));
}
