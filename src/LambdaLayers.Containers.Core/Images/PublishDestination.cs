using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>Where images are published: a registry's repository, an archive, or nowhere (a dry run).</summary>
/// <param name="Name">The repository without its registry, as an archive names images.</param>
/// <param name="Tags">The tags of the image, or of the index; at least one.</param>
internal sealed record PublishDestination(string Name, IReadOnlyList<string> Tags)
{
    /// <summary>Registry and repository to push to; null for an archive.</summary>
    public ImageReference? Repository { get; init; }

    /// <summary>Absolute path of the archive; null for a registry.</summary>
    public string? ArchivePath { get; init; }

    /// <summary>The runtime identifiers of an index's images: each image has its tags end in its own.</summary>
    public IReadOnlyList<string> RuntimeIdentifiers { get; init; } = [];

    /// <summary>Names in an archive: <c>repository:tag</c>.</summary>
    public IReadOnlyList<string> ArchiveNames => [.. Tags.Select(tag => $"{Name}:{tag}")];

    /// <summary>The tags of one image of an index, as the SDK gives them: <c>TAG-RID</c>.</summary>
    public IReadOnlyList<string> TagsOf(Platform platform) =>
    [
        .. RuntimeIdentifiers
            .Where(rid => Platform.TryFromRuntimeIdentifier(rid, out var own) && own.Accepts(platform))
            .SelectMany(rid => Tags.Select(tag => $"{tag}-{rid}")),
    ];

    /// <summary>References of the repository with these tags.</summary>
    public IReadOnlyList<ImageReference> References(IReadOnlyList<string> tags) =>
        [.. tags.Select(tag => ImageReference.Create(Repository!.Registry, Repository.Repository, tag, digest: null))];
}

/// <summary>Finished images as they were published.</summary>
/// <param name="Images">One for each platform, in the order of their platforms' names.</param>
/// <param name="Index">What names all of them; null for a single image.</param>
internal sealed record PublishedImages(IReadOnlyList<Image> Images, ImageIndex? Index)
{
    /// <summary>The digest that the tags name.</summary>
    public Digest Digest => Index?.Digest ?? Images[0].Digest;
}
