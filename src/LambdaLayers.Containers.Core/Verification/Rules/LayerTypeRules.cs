using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// An uncompressed layer under a Docker manifest, which Lambda answers with UnsupportedImageLayerDetected.
/// </summary>
internal sealed class UncompressedLayerRule() : ImageRule(
    "LLC3504", RuleSeverity.Error, "A layer of a Docker image is not compressed", Sources.Unpacker)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in LayerTypes.Of(image)
        where layer.Descriptor.MediaType == MediaTypes.DockerLayer
        select Found(
            $"{image.NameOf(layer.Index)} is not compressed, and Lambda takes such layers in OCI images only "
            + "(UnsupportedImageLayerDetected). Push the image with compressed layers: `skopeo copy "
            + "--dest-compress`.", layer: layer.Index);
}

/// <summary>zstd, of which nobody has seen that Lambda reads it.</summary>
internal sealed class ZstdLayerRule() : ImageRule(
    "LLC3505", RuleSeverity.Error, "A layer is compressed with zstd", Sources.Unpacker)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in LayerTypes.Of(image)
        where layer.Descriptor.MediaType.EndsWith("zstd", StringComparison.Ordinal)
            || layer.Content?.Compression == LayerCompression.Zstd
        select Found(
            $"{image.NameOf(layer.Index)} is compressed with zstd, which Lambda is not known to read. Build the image "
                + "with gzip: "
            + "`--output type=image,compression=gzip,force-compression=true` for buildx, `--compression-format gzip` "
            + "for podman.",
            layer: layer.Index);
}

/// <summary>Layers that are no plain tar of files: foreign, encrypted, or an artefact.</summary>
internal sealed class LayerTypeRule() : ImageRule(
    "LLC3506", RuleSeverity.Error, "Lambda does not take this kind of layer", Sources.ImageRequirements)
{
    private static readonly string[] Plain =
    [
        MediaTypes.DockerLayer, MediaTypes.DockerLayerGzip, MediaTypes.DockerLayerZstd,
        MediaTypes.OciLayer, MediaTypes.OciLayerGzip, MediaTypes.OciLayerZstd,
    ];

    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in LayerTypes.Of(image)
        where !Plain.Contains(layer.Descriptor.MediaType)
        select Found(
            $"{image.NameOf(layer.Index)} is a '{DisplayText.Name(layer.Descriptor.MediaType)}', not a tar of files "
                + "that Lambda could "
            + "fetch and unpack. Build the image on a Linux base without foreign or encrypted "
            + "layers.", layer: layer.Index);
}

/// <summary>What a layer is must be what its media type says.</summary>
internal sealed class CompressionRule() : ImageRule(
    "LLC3507", RuleSeverity.Error, "A layer is not compressed as its media type says", Sources.OciLayer)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in LayerTypes.Of(image)
        where layer.Content is { Problem: null } && Stated(layer.Descriptor.MediaType) is { } stated
            && stated != layer.Content.Compression
        select Found(
            $"{image.NameOf(layer.Index)} is typed '{layer.Descriptor.MediaType}', and its content is "
            + (layer.Content!.Compression == LayerCompression.None ? "not "
            + "compressed" : layer.Content.Compression.ToString().ToLowerInvariant())
            + ". Build and push the image again.", layer: layer.Index);

    private static LayerCompression? Stated(string mediaType) => mediaType switch
    {
        MediaTypes.DockerLayer or MediaTypes.OciLayer => LayerCompression.None,
        MediaTypes.DockerLayerGzip or MediaTypes.OciLayerGzip => LayerCompression.Gzip,
        MediaTypes.DockerLayerZstd or MediaTypes.OciLayerZstd => LayerCompression.Zstd,
        _ => null,
    };
}

/// <summary>
/// gzip of several members, as lazy-pulling formats and parallel compressors write it: some readers stop after the
/// first one, and what Lambda does is not known.
/// </summary>
internal sealed class GzipMemberRule() : ImageRule(
    "LLC3508", RuleSeverity.Warning, "A layer's gzip file has several "
        + "members", "https://github.com/awslabs/soci-snapshotter/pull/1871")
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from layer in LayerTypes.Of(image)
        where layer.Content is { IsOneMember: false, Problem: null }
        select Found(
            $"{image.NameOf(layer.Index)} is gzip of several members (eStargz, pigz --independent, apko), or has "
                + "something after its "
            + "member. Some readers stop after the first, and nobody knows what Lambda does. Build it with plain "
            + "gzip.", layer: layer.Index);
}

/// <summary>The layers of an image with what its manifest says of them.</summary>
internal static class LayerTypes
{
    /// <summary>None where the image came without a manifest.</summary>
    public static IEnumerable<(int Index, Descriptor Descriptor,
        LayerContent? Content)> Of(InspectedImage image) => image.HasManifest
        ? image.Layers.Select((content, i) => (i, image.Image.Layers[i].Descriptor, content))
        : [];
}
