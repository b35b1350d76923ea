namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>An error as the services' models name it; the protocol decides how it looks on the wire.</summary>
public sealed class AwsException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Seconds for a Retry-After header.</summary>
    public int? RetryAfter { get; init; }

    public static AwsException AccessDenied(string action, string resource) => new(
        403, "AccessDeniedException",
        $"User: arn:aws:iam::{FakeAws.AccountId}:user/tester is not authorized to perform: {action} on resource: {resource} "
        + $"because no resource-based policy allows the {action} action");

    public static AwsException NotFound(string message) => new(404, "ResourceNotFoundException", message);

    public static AwsException InvalidParameter(string message) => new(400, "InvalidParameterValueException", message);

    public static AwsException Conflict(string message) => new(409, "ResourceConflictException", message);

    public static AwsException Throttled(int? retryAfter = null) =>
        new(429, "TooManyRequestsException", "Rate exceeded") { RetryAfter = retryAfter };

    public static AwsException ExpiredToken() =>
        new(403, "ExpiredTokenException", "The security token included in the request is expired");
}
