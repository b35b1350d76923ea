namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>A token for the public gallery.</summary>
internal sealed record GetPublicAuthorizationTokenResponse
{
    public AuthorizationData? AuthorizationData { get; init; }
}
