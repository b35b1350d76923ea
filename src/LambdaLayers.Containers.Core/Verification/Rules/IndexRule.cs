namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A function's image is one manifest: Lambda takes no index, be it for several platforms or for an attestation.
/// </summary>
internal sealed class IndexRule() : ImageRule(
    "LLC3501", RuleSeverity.Error, "The image is an index", Sources.Index)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.Index is not { } index)
            yield break;
        var reason = index.Manifests.Any(entry => entry.IsAttestation)
            ? "with an attestation beside the image. Build it without: `docker buildx build --provenance=false "
            + "--sbom=false`, or"
            : $"of {index.Manifests.Count} {(index.Manifests.Count == 1 ? "image" : "images")}. Build it for one "
            + "platform, or";
        yield return Found(
            $"The reference names an index {reason} give the function the digest of the image itself, "
                + $"{image.Image.Digest}. Lambda "
            + "answers to an index that its media type is not supported.");
    }
}
