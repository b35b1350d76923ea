namespace LambdaLayers.Containers.Core.Packing;

/// <summary>Blobs that an item becomes as they are; none when it must be packed.</summary>
internal sealed record PackedLayers(IReadOnlyList<PackedLayer> Blobs);
