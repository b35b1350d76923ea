namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>A manifest in a repository.</summary>
internal sealed record Image
{
    public string? RegistryId { get; init; }

    public string? RepositoryName { get; init; }

    public ImageIdentifier? ImageId { get; init; }

    /// <summary>The manifest's own text.</summary>
    public string? ImageManifest { get; init; }

    public string? ImageManifestMediaType { get; init; }
}
