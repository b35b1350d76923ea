using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>A virtual base for one platform: the base image with the Lambda layers on top.</summary>
internal sealed record ComposedImage(
    BaseImage Base,
    IReadOnlyList<Layer> Layers,
    ImageManifest Manifest,
    ImageConfig Config,
    IReadOnlyList<ServedBlob> Blobs);
