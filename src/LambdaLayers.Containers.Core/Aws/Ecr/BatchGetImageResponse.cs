namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Manifests, and what was not found.</summary>
internal sealed record BatchGetImageResponse
{
    public IReadOnlyList<Image>? Images { get; init; }

    public IReadOnlyList<ImageFailure>? Failures { get; init; }
}
