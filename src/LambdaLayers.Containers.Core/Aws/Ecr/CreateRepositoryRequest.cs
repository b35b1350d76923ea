namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Creates a repository.</summary>
internal sealed record CreateRepositoryRequest
{
    public string? RegistryId { get; init; }

    public required string RepositoryName { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }

    /// <summary>MUTABLE or IMMUTABLE, each with _WITH_EXCLUSION too.</summary>
    public string? ImageTagMutability { get; init; }

    public ImageScanningConfiguration? ImageScanningConfiguration { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }
}
