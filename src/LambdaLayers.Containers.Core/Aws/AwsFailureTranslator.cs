using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// Turns whatever AWSSDK throws into one coded message. The SDK's own texts have many lines and sometimes quote
/// requests, so only the first line of a service's answer gets through, cleaned.
/// </summary>
internal static class AwsFailureTranslator
{
    // Codes that any service may answer with: they come from the gate in front of the services, which spells some of them
    // in two ways (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
    private static readonly FrozenSet<string> Expired = Set(
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");

    private static readonly FrozenSet<string> BadCredentials = Set(
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure",
        "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidToken", "NotAuthorized");

    private static readonly FrozenSet<string> ClockSkew = Set(
        "RequestTimeTooSkewed", "RequestInTheFuture", "RequestTimeTooSkewedException");

    private static readonly FrozenSet<string> Throttled = Set(
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "ProvisionedThroughputExceededException", "SlowDown",
        "EC2ThrottledException", "PriorRequestNotComplete");

    private static readonly FrozenSet<string> AccessDenied = Set(
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorizedException");

    private static FrozenSet<string> Set(params string[] codes) => codes.ToFrozenSet(StringComparer.Ordinal);

    public static AwsException Translate(Exception exception, ServiceConfig config, string operation)
    {
        var profile = config.Profile?.Name;
        var error = Unwrap(exception);
        return error switch
        {
            AwsException known => known,
            ProfileNotFoundException => ProfileNotFound(profile),
            ProcessAWSCredentialException => AwsErrors.CredentialProcessFailed(AwsProfiles.NameOrDefault(profile)),
            AmazonSSOException or AmazonSSOOIDCException => SignInExpired(profile),
            AmazonSecurityTokenServiceException sts => FromSts(sts, profile),
            AmazonUnmarshallingException => AwsErrors.Unreadable(config.Service.Id, config.Authority, operation),
            AmazonServiceException { ErrorCode: { Length: > 0 } or null, StatusCode: not 0 } service =>
                FromService(service, config, operation),
            OperationCanceledException or TimeoutException =>
                AwsErrors.TimedOut(config.Service.Id, config.Authority),
            _ when Network(error) is { } network => AwsErrors.Unreachable(
                config.Service.Id, config.Region.Name, config.Authority, Reason(network)),
            _ => FromCredentials(profile),
        };
    }

    private static Exception Unwrap(Exception exception)
    {
        // The SDK wraps what STS and IAM Identity Center answered.
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AmazonSecurityTokenServiceException or AmazonSSOException or AmazonSSOOIDCException
                or ProcessAWSCredentialException or ProfileNotFoundException or AwsException)
                return e;
        }

        // An answer that never came is wrapped as if it were the service's.
        return exception is AmazonServiceException { StatusCode: 0, InnerException: { } cause } ? cause : exception;
    }

    private static AwsException FromService(AmazonServiceException error, ServiceConfig config, string operation)
    {
        var code = error.ErrorCode ?? "";
        var profile = config.Profile?.Name;
        var text = AwsText.Sanitize(error.Message);
        var service = config.Service;
        if (ClockSkew.Contains(code) || IsSkewedSignature(error))
            return AwsErrors.ClockSkew();
        if (Expired.Contains(code))
            return SessionExpired(profile);
        if (BadCredentials.Contains(code))
            return AwsErrors.CredentialsRefused(AwsProfiles.NameOrDefault(profile), code, config.Region.Name);
        if (Throttled.Contains(code) || error.StatusCode == HttpStatusCode.TooManyRequests)
            return AwsErrors.Throttled(service.Id, operation);
        if (AccessDenied.Contains(code) || error.StatusCode == HttpStatusCode.Forbidden)
            return AwsErrors.AccessDenied(
                $"{service.SigningName}:{IamAction(operation)}", text,
                LambdaErrors.KindOf(text, otherwise: AwsFailureKind.AccessDenied));
        if ((int)error.StatusCode >= 500)
            return AwsErrors.ServiceError(service.Id, operation, (int)error.StatusCode, error.RequestId);
        return service.Id == AwsService.Lambda.Id
            ? LambdaErrors.Refused(operation, code, text)
            : EcrErrors.Refused(operation, code, text);
    }

    // Lambda's getter by ARN is no IAM action of its own.
    private static string IamAction(string operation) =>
        operation == "GetLayerVersionByArn" ? "GetLayerVersion" : operation;

    private static bool IsSkewedSignature(AmazonServiceException error) =>
        BadCredentials.Contains(error.ErrorCode ?? "")
        && (error.Message.Contains("Signature expired", StringComparison.Ordinal)
            || error.Message.Contains("Signature not yet current", StringComparison.Ordinal));

    private static AwsException FromSts(AmazonSecurityTokenServiceException error, string? profile)
    {
        var code = error.ErrorCode ?? "";
        if (Expired.Contains(code))
            return SessionExpired(profile);
        return AwsErrors.RoleNotAssumed(
            AwsProfiles.NameOrDefault(profile), code.Length == 0 ? $"status {(int)error.StatusCode}" : code,
                AwsText.Sanitize(error.Message));
    }

    // No credentials, or none that can be made without asking somebody.
    private static AwsException FromCredentials(string? profile)
    {
        var named = profile is not null || AwsProfiles.NameOrDefault(null) != "default";
        if (named && !AwsProfiles.Exists(profile))
            return ProfileNotFound(profile);
        if (AwsProfiles.NeedsMfa(profile))
            return AwsErrors.MfaNeeded(AwsProfiles.NameOrDefault(profile));
        if (AwsProfiles.SsoProfileOf(profile) is { } sso)
            return AwsErrors.SignInNeeded(sso);
        if (AwsProfiles.IsLogin(profile))
            return AwsErrors.LoginUnsupported(AwsProfiles.NameOrDefault(profile));
        return named
            ? AwsErrors.ProfileUnusable(AwsProfiles.NameOrDefault(profile))
            : AwsErrors.NoCredentials();
    }

    private static AwsException SessionExpired(string? profile) =>
        AwsProfiles.SsoProfileOf(profile) is { } sso
            ? AwsErrors.SignInNeeded(sso)
            : AwsErrors.CredentialsExpired(AwsProfiles.NameOrDefault(profile));

    private static AwsException SignInExpired(string? profile) =>
        AwsErrors.SignInNeeded(AwsProfiles.SsoProfileOf(profile) ?? AwsProfiles.NameOrDefault(profile));

    private static AwsException ProfileNotFound(string? profile) =>
        AwsErrors.ProfileNotFound(AwsProfiles.NameOrDefault(profile), profile is not null, AwsProfiles.Names());

    private static Exception? Network(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is SocketException or AuthenticationException)
                return e;
        }

        return error is HttpRequestException or IOException or WebException ? error : null;
    }

    private static string Reason(Exception network) => network switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            "its name is not known to DNS",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection is refused",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "it does not answer",
        AuthenticationException => "its TLS certificate is not trusted",
        _ => "the connection fails",
    };
}
