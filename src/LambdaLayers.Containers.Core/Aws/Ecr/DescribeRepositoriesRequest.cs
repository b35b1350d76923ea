namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Asks for repositories.</summary>
internal sealed record DescribeRepositoriesRequest
{
    public string? RegistryId { get; init; }

    /// <summary>At most 100.</summary>
    public IReadOnlyList<string>? RepositoryNames { get; init; }

    public string? NextToken { get; init; }

    public int? MaxResults { get; init; }
}
