using System.Globalization;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.HandOver;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Writes <c>lambda-image.json</c>: what was pushed, by digest, for tools that deploy it.</summary>
public sealed class WriteLambdaImageFile : LayersTask
{
    /// <summary>The SDK's <c>GeneratedContainer</c> items: one for each architecture.</summary>
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>What <see cref="ServeLambdaBaseImage"/> gave as <c>PreparedLayers</c>.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary><c>ContainerRegistry</c>.</summary>
    [Required]
    public string Registry { get; set; } = "";

    /// <summary><c>ContainerRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary><c>ContainerImageTags</c>.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary><c>ContainerRuntimeIdentifiers</c> of a publish for several; empty for one image.</summary>
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>The real base image as the user or the SDK named it.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Digest of the real base image; empty when it is not known.</summary>
    public string BaseDigest { get; set; } = "";

    /// <summary>Where to write, absolute.</summary>
    [Required]
    public string Path { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var images = GeneratedImages.Read(Images, Registry, Repository)
            .Select(image => new HandOverImage(image, TagsOf(image), LayersOf(image)))
            .ToList();
        await new HandOverFile(Registry, Repository, Tags, BaseImage, BaseDigest, images).WriteAsync(Path, cancellationToken);
        Log.LogMessage(MessageImportance.Normal, "Wrote {0}", Path);
    }

    // The SDK tags each architecture's image with its runtime identifier, and the index with the plain tags.
    private List<string> TagsOf(PublishedImage image)
    {
        if (RuntimeIdentifiers.Length == 0)
            return [.. Tags];
        var end = image.Architecture == "arm64" ? "-arm64" : "-x64";
        return [.. RuntimeIdentifiers.Where(x => x.EndsWith(end, StringComparison.Ordinal)).SelectMany(rid => Tags.Select(tag => $"{tag}-{rid}"))];
    }

    private List<HandOverLayer> LayersOf(PublishedImage image)
    {
        var platform = image.Architecture == "arm64" ? "linux/arm64" : "linux/amd64";
        return
        [
            .. Layers.Where(x => x.GetMetadata("Platform").StartsWith(platform, StringComparison.Ordinal)).Select(x => new HandOverLayer(
                x.GetMetadata("Resolved"), x.GetMetadata("TargetPath"), x.GetMetadata("Digest"), x.GetMetadata("DiffId"),
                long.Parse(x.GetMetadata("Size"), CultureInfo.InvariantCulture))),
        ];
    }
}
