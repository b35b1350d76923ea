namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Asks for what is known of images.</summary>
internal sealed record DescribeImagesRequest
{
    public string? RegistryId { get; init; }

    public required string RepositoryName { get; init; }

    public IReadOnlyList<ImageIdentifier>? ImageIds { get; init; }

    public string? NextToken { get; init; }
}
