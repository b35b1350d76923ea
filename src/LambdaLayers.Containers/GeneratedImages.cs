using LambdaLayers.Containers.Core.Deployment.Functions;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Reads the SDK's <c>GeneratedContainer</c> items.</summary>
internal static class GeneratedImages
{
    /// <summary>Each image once: a publish for several architectures lists some of them twice.</summary>
    public static IReadOnlyList<PublishedImage> Read(ITaskItem[] items, string registry, string repository) =>
    [
        .. items.DistinctBy(x => x.GetMetadata("ManifestDigest"))
            .Where(x => x.GetMetadata("ManifestDigest").Length > 0 && x.GetMetadata("Configuration").Length > 0)
            .Select(x => PublishedImage.Parse(
                registry, repository, x.GetMetadata("ManifestDigest"), x.GetMetadata("Configuration"))),
    ];
}
