namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>What a layer blob is compressed with.</summary>
internal enum BlobCompression
{
    None,
    Gzip,
    Zstd,
}
