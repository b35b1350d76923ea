namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Whether Lambda is somebody else's: an emulator takes images from any registry.</summary>
internal static class LambdaEndpoint
{
    /// <summary>
    /// Whether the environment names another endpoint
    /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
    /// </summary>
    public static bool IsOverridden(Func<string, string?> environment) =>
        !string.Equals(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase)
        && (environment("AWS_ENDPOINT_URL_LAMBDA") is { Length: > 0 } || environment("AWS_ENDPOINT_URL") is { Length: > 0 });
}
