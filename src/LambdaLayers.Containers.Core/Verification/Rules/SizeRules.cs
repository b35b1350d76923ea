using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>All layers together, uncompressed, have at most 10 GB.</summary>
internal sealed class SizeRule() : ImageRule(
    "LLC3515", RuleSeverity.Error, "The image is larger than 10 GB", Sources.Quotas)
{
    private const long Most = 10L << 30;

    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        // Of a layer that nobody has looked into, what is sure: it does not get smaller.
        var size = image.Layers.Select((layer, i) => layer?.TarSize ?? image.Image.Layers[i].Size).Sum();
        if (size > Most)
        {
            yield return Found(
                $"The image's layers have {DisplayText.Number(size)} bytes, uncompressed, and Lambda takes "
                    + $"{DisplayText.Number(Most)}. Leave out what "
                + "the function does not need, or fetch it at run time.");
        }
    }
}

/// <summary>Docker stops at 125 layers; a limit of Lambda's own is not known.</summary>
internal sealed class LayerCountRule() : ImageRule(
    "LLC3516", RuleSeverity.Error, "The image has more than 125 layers",
    "https://github.com/moby/moby/blob/v27.5.1/layer/layer_store.go")
{
    private static readonly int Most = Limits.Default.PublishedLayers;

    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.Layers.Count > Most)
        {
            yield return Found(
                $"The image has {image.Layers.Count} layers, and docker takes {Most}. Put several folders "
                    + "or zips into one LambdaLayer item, or squash the base image.");
        }
    }
}

/// <summary>What ECR takes of one manifest and one layer.</summary>
internal sealed class RegistryLimitRule() : ImageRule(
    "LLC3557", RuleSeverity.Error, "ECR does not take a manifest or layer of this "
        + "size", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html")
{
    private const int MostManifest = 4 << 20;
    private const long MostLayer = 52_000L << 20;

    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.Image.Manifest.Bytes.Length > MostManifest)
        {
            yield return Found(
                $"The manifest has {DisplayText.Number(image.Image.Manifest.Bytes.Length)} bytes, and registries take "
                    + $"{DisplayText.Number(MostManifest)}. "
                + "Its annotations are what can be that long: shorten them.");
        }

        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Image.Layers[i].Size > MostLayer)
                yield return Found($"{image.NameOf(i)} has {DisplayText.Number(image.Image.Layers[i].Size)} bytes, "
                    + $"and ECR takes {DisplayText.Number(MostLayer)}. Split it.", layer: i);
        }
    }
}
