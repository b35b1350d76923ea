namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Asks who may use a repository.</summary>
internal sealed record GetRepositoryPolicyRequest
{
    public string? RegistryId { get; init; }

    public required string RepositoryName { get; init; }
}
