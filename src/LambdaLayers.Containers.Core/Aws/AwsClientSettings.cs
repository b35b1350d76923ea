using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// The settings that AWS tools share (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html): the
/// environment first, then the profile. The SDK reads them too, but once for each process, which in a reused MSBuild
/// node is another build's, and not from a profile that is named in code.
/// </summary>
internal static class AwsClientSettings
{
    public static void Apply(ClientConfig config, string? profile, Func<string, string?> environment)
    {
        var file = AwsProfiles.Find(profile);
        config.UseFIPSEndpoint = Flag(environment("AWS_USE_FIPS_ENDPOINT")) ?? file?.UseFIPSEndpoint ?? false;
        config.UseDualstackEndpoint =
            Flag(environment("AWS_USE_DUALSTACK_ENDPOINT")) ?? file?.UseDualstackEndpoint ?? false;
        config.IgnoreConfiguredEndpointUrls =
            Flag(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) ?? file?.IgnoreConfiguredEndpointUrls ?? false;
        config.RetryMode = Mode(environment("AWS_RETRY_MODE")) ?? file?.RetryMode ?? RequestRetryMode.Standard;
        // The first attempt is none of the retries. Three in all is the SDK's own default.
        config.MaxErrorRetry = (Attempts(environment, file) ?? 3) - 1;
    }

    private static int? Attempts(Func<string, string?> environment, CredentialProfile? file) =>
        int.TryParse(environment("AWS_MAX_ATTEMPTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var set)
        && set > 0
            ? set
            : file?.MaxAttempts;

    private static bool? Flag(string? value) => bool.TryParse(value, out var flag) ? flag : null;

    private static RequestRetryMode? Mode(string? value) =>
        Enum.TryParse<RequestRetryMode>(value, ignoreCase: true, out var mode) ? mode : null;
}
