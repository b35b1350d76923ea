using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Docker's and OCI's media types in one image: podman refuses it, and nobody knows what Lambda does.
/// </summary>
internal sealed class MixedTypesRule() : ImageRule(
    "LLC3503", RuleSeverity.Warning, "Docker's and OCI's media types are "
        + "mixed", "https://github.com/bazel-contrib/rules_img/pull/518")
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var manifest = image.Image.Manifest;
        var other = manifest.Layers.Append(manifest.Config)
            .FirstOrDefault(part => MediaTypes.In(manifest.Family, part.MediaType) != part.MediaType);
        if (image.HasManifest && other is not null)
        {
            yield return Found(
                $"The manifest is {manifest.Family}'s, and {other.Digest.Short} in it is a '{other.MediaType}'. Set "
                + "<ContainerImageFormat>OCI</ContainerImageFormat> or Docker, or build the image again in one format: "
                + "`skopeo copy --format v2s2` turns all of it into Docker's.");
        }
    }
}
