namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Replaces the policy of a repository.</summary>
internal sealed record SetRepositoryPolicyRequest
{
    public string? RegistryId { get; init; }

    public required string RepositoryName { get; init; }

    /// <summary>An IAM policy as JSON, at most 10,240 characters.</summary>
    public required string PolicyText { get; init; }

    public bool? Force { get; init; }
}
