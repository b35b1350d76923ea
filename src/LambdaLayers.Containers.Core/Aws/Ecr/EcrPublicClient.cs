namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>The public gallery over HTTP (AWS JSON 1.1).</summary>
internal sealed class EcrPublicClient(ServiceConfig config) : ServiceClient(config), IEcrPublicClient
{
    public Task<GetPublicAuthorizationTokenResponse> GetAuthorizationTokenAsync(CancellationToken cancellationToken) =>
        CallAsync(
            new ServiceCall("GetAuthorizationToken") { TargetPrefix = "SpencerFrontendService", Body = "{}"u8.ToArray() },
            EcrJson.Default.GetPublicAuthorizationTokenResponse,
            cancellationToken);
}
