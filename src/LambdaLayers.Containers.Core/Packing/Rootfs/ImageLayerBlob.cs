using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>One layer of an image, on this machine.</summary>
/// <param name="Blob">As the manifest lists it.</param>
/// <param name="DiffId">What it must unpack to, by the image's configuration.</param>
/// <param name="OpenAsync">Opens the blob as it is stored, already verified; seekable; may be called again.</param>
internal sealed record ImageLayerBlob(
    Descriptor Blob, Digest DiffId, Func<CancellationToken, Task<Stream>> OpenAsync);
