namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>The public gallery's API; pulling works without it, at lower rates.</summary>
internal interface IEcrPublicClient
{
    Task<GetPublicAuthorizationTokenResponse> GetAuthorizationTokenAsync(CancellationToken cancellationToken);
}
