namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>An image by digest or tag.</summary>
internal sealed record ImageIdentifier
{
    public string? ImageDigest { get; init; }

    public string? ImageTag { get; init; }
}
