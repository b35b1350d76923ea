using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Lambda takes Docker's image manifest V2, schema 2, and OCI's; each with its own kind of config.</summary>
internal sealed class ManifestTypeRule() : ImageRule(
    "LLC3502", RuleSeverity.Error, "Lambda does not take this kind of manifest or config", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.HasManifest)
            yield break;
        var manifest = image.Image.Manifest;
        if (!MediaTypes.IsManifest(manifest.MediaType))
            yield return Unsupported("manifest", manifest.MediaType);
        if (!MediaTypes.IsConfig(manifest.Config.MediaType))
            yield return Unsupported("config", manifest.Config.MediaType);
    }

    private Finding Unsupported(string what, string mediaType) => Found(
        $"The image's {what} is a '{DisplayText.Name(mediaType)}', and Lambda takes those of Docker (V2, schema 2) "
            + "and OCI only. Build the "
        + "image again with docker, buildah or the .NET SDK.");
}
