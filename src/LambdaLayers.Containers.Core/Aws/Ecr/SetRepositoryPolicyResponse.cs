namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>The policy as it is now.</summary>
internal sealed record SetRepositoryPolicyResponse
{
    public string? RegistryId { get; init; }

    public string? RepositoryName { get; init; }

    public string? PolicyText { get; init; }
}
