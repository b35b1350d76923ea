namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>What is known of images.</summary>
internal sealed record DescribeImagesResponse
{
    public IReadOnlyList<ImageDetail>? ImageDetails { get; init; }

    public string? NextToken { get; init; }
}
