namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A layer that cannot be unpacked at all: not a tar, broken off, or with entries that no unpacker takes.
/// </summary>
internal sealed class UnreadableLayerRule() : ImageRule(
    "LLC3509", RuleSeverity.Error, "A layer cannot be unpacked", Sources.OciLayer)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is { Problem: { } problem })
                yield return Found($"{image.NameOf(i)} cannot be unpacked: {problem.TrimEnd('.')}. Build and push the "
                    + "image again.", layer: i);
        }
    }
}

/// <summary>The config names each layer by the digest of its tar, and whoever unpacks it checks that.</summary>
internal sealed class DiffIdRule() : ImageRule(
    "LLC3510", RuleSeverity.Error, "A layer is not what the config says", Sources.OciConfig)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is { DiffId: { } actual } && actual != image.Image.Layers[i].DiffId)
            {
                yield return Found(
                    $"{image.NameOf(i)} unpacks to {actual.Short}, and the image's config says "
                        + $"{image.Image.Layers[i].DiffId.Short}. Build and "
                    + "push the image again.", layer: i);
            }
        }
    }
}
