namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>Asks for a password of the caller's registries.</summary>
internal sealed record GetAuthorizationTokenRequest
{
    /// <summary>Other accounts' registries; deprecated by ECR, the token is good for all the caller may use.</summary>
    public IReadOnlyList<string>? RegistryIds { get; init; }
}
