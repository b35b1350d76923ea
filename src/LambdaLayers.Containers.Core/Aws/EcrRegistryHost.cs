using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// The host name of an Amazon ECR registry in every form that AWS hands out: private ones
/// (<c>ACCOUNT.dkr.ecr[-fips].REGION.SUFFIX</c>, dual-stack <c>ACCOUNT.dkr-ecr[-fips].REGION.on.aws</c>) and the public
/// gallery (https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html). Hosts that merely resemble one are
/// refused: they would be sent a token.
/// </summary>
internal sealed partial record EcrRegistryHost
{
    private const string PublicHost = "public.ecr.aws";
    private const string PublicDualStackHost = "ecr-public.aws.com";

    // The gallery's API is in this region only.
    private static readonly AwsRegion PublicRegion = AwsRegion.Parse("us-east-1");

    private EcrRegistryHost(string host, AwsRegion region)
    {
        Host = host;
        Region = region;
    }

    /// <summary>In lower case, without port.</summary>
    public string Host { get; }

    /// <summary>Where the registry and its API are.</summary>
    public AwsRegion Region { get; }

    /// <summary>The owner's twelve digits; null for the public gallery.</summary>
    public string? AccountId { get; private init; }

    public bool IsPublic => AccountId is null;

    /// <summary>Whether the host only takes FIPS 140 cryptography; its API should be called the same way.</summary>
    public bool IsFips { get; private init; }

    /// <summary>
    /// The same registry under the name that Lambda pulls from: it does not support FIPS endpoints of ECR
    /// (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html).
    /// </summary>
    public string HostForLambda => IsFips ? Host.Replace("ecr-fips.", "ecr.", StringComparison.Ordinal) : Host;

    /// <summary>Whether the host has IPv6 addresses too. The .NET SDK does not know these for ECR.</summary>
    public bool IsDualStack { get; private init; }

    /// <summary>Reads a host name; <see cref="FormatException"/> for anything else.</summary>
    public static EcrRegistryHost Parse(string text) => TryParse(text, out var host)
        ? host
        : throw new FormatException($"'{text}' is not the host name of an Amazon ECR registry.");

    /// <summary>True for the host name of an ECR registry, without scheme, port or path.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EcrRegistryHost? host)
    {
        host = null;
        var name = text?.ToLowerInvariant();
        if (name is PublicHost or PublicDualStackHost)
        {
            host = new EcrRegistryHost(name, PublicRegion) { IsDualStack = name == PublicDualStackHost };
            return true;
        }

        if (name is null || Pattern().Match(name) is not { Success: true } match
            || !AwsRegion.TryParse(match.Groups["region"].Value, out var region))
            return false;
        host = new EcrRegistryHost(name, region)
        {
            AccountId = match.Groups["account"].Value,
            IsFips = match.Groups["fips"].Success,
            IsDualStack = match.Groups["suffix"].Value.StartsWith("on.", StringComparison.Ordinal),
        };
        return true;
    }

    public override string ToString() => Host;

    // The same alternatives as amazon-ecr-credential-helper's ecr-login/api/client.go.
    [GeneratedRegex(
        @"\A(?<account>[0-9]{12})\.dkr[.-]ecr(?<fips>-fips)?\.(?<region>[a-z0-9][a-z0-9_-]*)\." +
        @"(?<suffix>amazonaws\.com(\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|sc2s\.sgov\.gov" +
        @"|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
