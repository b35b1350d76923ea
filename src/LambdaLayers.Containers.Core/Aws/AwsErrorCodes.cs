using System.Collections.Frozen;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// Error codes that any AWS service may answer with; they come from the gate in front of the services, which spells
/// some of them in two ways (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
/// </summary>
internal static class AwsErrorCodes
{
    public static readonly FrozenSet<string> Expired = Set(
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");

    public static readonly FrozenSet<string> BadCredentials = Set(
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure",
        "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidToken", "NotAuthorized");

    public static readonly FrozenSet<string> ClockSkew = Set(
        "RequestTimeTooSkewed", "RequestInTheFuture", "RequestTimeTooSkewedException");

    public static readonly FrozenSet<string> Throttled = Set(
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "ProvisionedThroughputExceededException", "SlowDown",
        "EC2ThrottledException", "PriorRequestNotComplete");

    public static readonly FrozenSet<string> AccessDenied = Set(
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorizedException");

    private static FrozenSet<string> Set(params string[] codes) => codes.ToFrozenSet(StringComparer.Ordinal);
}
