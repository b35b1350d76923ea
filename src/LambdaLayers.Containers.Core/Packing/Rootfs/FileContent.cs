namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>The bytes of one file of an image: an entry of a layer's tar.</summary>
/// <param name="Layer">Index of the layer, bottom first.</param>
/// <param name="Ordinal">Index of the entry among the layer's entries.</param>
/// <param name="Size">Length in bytes.</param>
internal sealed record FileContent(int Layer, int Ordinal, long Size);
