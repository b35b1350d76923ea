namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Repositories.</summary>
internal sealed record DescribeRepositoriesResponse
{
    public IReadOnlyList<Repository>? Repositories { get; init; }

    public string? NextToken { get; init; }
}
