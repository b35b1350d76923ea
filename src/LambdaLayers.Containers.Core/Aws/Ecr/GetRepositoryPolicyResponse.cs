namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Who may use a repository.</summary>
internal sealed record GetRepositoryPolicyResponse
{
    public string? RegistryId { get; init; }

    public string? RepositoryName { get; init; }

    /// <summary>An IAM policy as JSON.</summary>
    public string? PolicyText { get; init; }
}
