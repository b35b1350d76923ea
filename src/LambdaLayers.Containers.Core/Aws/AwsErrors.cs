namespace LambdaLayers.Containers.Core.Aws;

/// <summary>LLC1100 to LLC1119: credentials, and what can happen to any call of AWS.</summary>
internal static class AwsErrors
{
    private const int NamesShown = 10;

    public static AwsException NoCredentials() => new(AwsFailureKind.NoCredentials, "LLC1100",
        "There are no AWS credentials. Looked for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
        + "AWS_WEB_IDENTITY_TOKEN_FILE, the profile 'default' in ~/.aws/config and ~/.aws/credentials, and the role "
        + "of a container or an EC2 instance. Run 'aws configure sso' (or 'aws configure'), or name a profile: "
        + "-p:AwsProfile=NAME for the build, Profile=\"NAME\" on one LambdaLayer.");

    public static AwsException ProfileNotFound(string name, bool asked, IReadOnlyList<string> known) =>
        new("LLC1101",
            $"There is no AWS profile '{name}' in ~/.aws/config or ~/.aws/credentials"
            + (known.Count == 0 ? ". " : $"; there are: {Names(known)}. ")
            + (asked ? "Correct AwsProfile or the Profile metadata" : "Correct the variable AWS_PROFILE")
            + $", or create it with 'aws configure sso --profile {name}'.");

    public static AwsException CredentialsExpired(string profile) => new("LLC1102",
        "The AWS session has expired. Get new temporary credentials: renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY "
        + $"and AWS_SESSION_TOKEN if they are set, else those of the profile '{profile}'.");

    public static AwsException SignInNeeded(string profile) => new("LLC1103",
        $"The sign-in of the AWS profile '{profile}' is missing or has expired. Run 'aws sso login --profile "
        + $"{profile}' and publish again.");

    public static AwsException CredentialsRefused(string profile, string code, string region) =>
        new("LLC1104",
            $"AWS does not accept the credentials ({code}). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
            + $"AWS_SESSION_TOKEN, or the profile '{profile}': the key may be deleted, the secret mistyped, a "
            + $"session token missing, or the region {region} not enabled for the account. 'aws sts "
            + "get-caller-identity' tests them.");

    public static AwsException CredentialProcessFailed(string profile) => new("LLC1105",
        $"The credential_process of the AWS profile '{profile}' failed or printed something else than credentials. "
        + "Run that command by itself to see why; it has to print JSON with \"Version\": 1.");

    public static AwsException RoleNotAssumed(string profile, string code, string text) => new("LLC1106",
        $"The role of the AWS profile '{profile}' (or of AWS_ROLE_ARN) cannot be assumed: {code}: {text}. The role's "
        + "trust policy has to name the caller, and the caller needs sts:AssumeRole or sts:AssumeRoleWithWebIdentity "
        + "on it.");

    public static AwsException MfaNeeded(string profile) => new("LLC1107",
        $"The AWS profile '{profile}' has mfa_serial, and a build cannot ask for the code. Get a session first, for "
        + "example with 'aws sts get-session-token', and pass it in the variables AWS_ACCESS_KEY_ID, "
        + "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or use a profile without mfa_serial.");

    public static AwsException LoginUnsupported(string profile) => new("LLC1108",
        $"The AWS profile '{profile}' was made by 'aws login', which this package does not read. Export the session: "
        + $"eval \"$(aws configure export-credentials --profile {profile} --format env)\".");

    public static AwsException ProfileUnusable(string profile) => new("LLC1109",
        $"The AWS profile '{profile}' gives no credentials: something is missing in it, or in the profile that it "
        + $"names as source_profile. 'aws sts get-caller-identity --profile {profile}' says what.");

    public static AwsException RegionMissing() => new("LLC1110",
        "No AWS region is configured. Set <AwsRegion>eu-central-1</AwsRegion> in the project, the variable "
        + "AWS_REGION, or the region of the profile ('aws configure set region eu-central-1').");

    public static AwsException BadRegion(string source, string value) => new("LLC1111",
        $"{source} is '{value}', which is not an AWS region; one looks like eu-central-1.");

    public static AwsException AccessDenied(
        string action, string text, AwsFailureKind kind = AwsFailureKind.AccessDenied) => new(kind, "LLC1112",
            $"AWS refuses {action} to these credentials: {text}. Allow {action} in their IAM policy.");

    public static AwsException Throttled(string service, string operation) => new("LLC1113",
        $"{service} is throttling {operation}, also after retries. Publish again in a while; AWS_MAX_ATTEMPTS=10 and "
        + "AWS_RETRY_MODE=adaptive make the build wait longer.");

    public static AwsException Unreachable(string service, string region, string host, string reason) =>
        new("LLC1114",
            $"{service} in {region} cannot be reached at {host}: {reason}. Check that the region exists, "
            + "AWS_ENDPOINT_URL and the profile's endpoint_url if they are set, and that HTTPS_PROXY and the "
            + "firewall allow the host.");

    public static AwsException TimedOut(string service, string host) => new("LLC1115",
        $"{service} at {host} took too long to answer. Check the network and HTTPS_PROXY, and publish again.");

    public static AwsException ServiceError(
        string service, string operation, int status, string? requestId) => new("LLC1116",
            $"{service} failed at {operation} with status {status}, also after retries"
            + (requestId is { Length: > 0 } ? $" (request {requestId})" : "")
            + ". Publish again in a while; https://health.aws.amazon.com shows incidents.");

    public static AwsException ClockSkew() => new("LLC1117",
        "AWS refuses the signature because the clock of this machine is wrong by more than five minutes. Set it right "
        + "(in WSL: 'wsl --shutdown'; on Linux: 'timedatectl set-ntp true') and publish again.");

    public static AwsException Unreadable(string service, string host, string operation) => new("LLC1118",
        $"The answer of {service} at {host} to {operation} cannot be read. Something between here and AWS may be "
        + "changing it: check HTTPS_PROXY and AWS_ENDPOINT_URL.");

    public static AwsException EndpointInvalid(string service)
    {
        var own = "AWS_ENDPOINT_URL_" + service.ToUpperInvariant().Replace(' ', '_');
        return new AwsException("LLC1119",
            $"The endpoint set for {service} is not an http or https address. Correct {own}, AWS_ENDPOINT_URL or the "
            + $"profile's endpoint_url, for example: {own}=http://localhost:4566");
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
}
