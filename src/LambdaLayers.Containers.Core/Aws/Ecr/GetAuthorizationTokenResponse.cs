namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>One token for each registry asked for.</summary>
internal sealed record GetAuthorizationTokenResponse
{
    public IReadOnlyList<AuthorizationData>? AuthorizationData { get; init; }
}
