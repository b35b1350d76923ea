using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// Turns whatever AWSSDK throws into one coded message. The SDK's own texts have many lines and sometimes quote
/// requests, so only the first line of a service's answer gets through, cleaned.
/// </summary>
internal static class AwsFailureTranslator
{
    public static LayersException Translate(Exception exception, ServiceConfig config, string operation)
    {
        var profile = config.Profile?.Name;
        var error = Unwrap(exception);
        return error switch
        {
            LayersException known => known,
            ProfileNotFoundException => ProfileNotFound(profile),
            ProcessAWSCredentialException => RemoteErrors.AwsCredentialProcessFailed(AwsProfiles.NameOrDefault(profile)),
            AmazonSSOException or AmazonSSOOIDCException => SignInExpired(profile),
            AmazonSecurityTokenServiceException sts => FromSts(sts, profile),
            AmazonUnmarshallingException => RemoteErrors.AwsUnreadable(config.Service.Id, config.Authority, operation),
            AmazonServiceException { ErrorCode: { Length: > 0 } or null, StatusCode: not 0 } service =>
                FromService(service, config, operation),
            OperationCanceledException or TimeoutException =>
                RemoteErrors.AwsTimedOut(config.Service.Id, config.Authority),
            _ when Network(error) is { } network => RemoteErrors.AwsUnreachable(
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
                or ProcessAWSCredentialException or ProfileNotFoundException or LayersException)
                return e;
        }

        // An answer that never came is wrapped as if it were the service's.
        return exception is AmazonServiceException { StatusCode: 0, InnerException: { } cause } ? cause : exception;
    }

    private static LayersException FromService(AmazonServiceException error, ServiceConfig config, string operation)
    {
        var code = error.ErrorCode ?? "";
        var profile = config.Profile?.Name;
        var text = AwsText.Sanitize(error.Message);
        var failure = new AwsServiceFailure(operation, code, error.StatusCode, text, error.RequestId);
        var service = config.Service;
        var name = AwsProfiles.NameOrDefault(profile);
        if (AwsErrorCodes.ClockSkew.Contains(code) || IsSkewedSignature(error))
            return RemoteErrors.AwsClockSkew(failure);
        if (AwsErrorCodes.Expired.Contains(code))
            return AwsProfiles.SsoProfileOf(profile) is { } sso
                ? RemoteErrors.AwsSignInNeeded(sso, failure)
                : RemoteErrors.AwsCredentialsExpired(name, failure);
        if (AwsErrorCodes.BadCredentials.Contains(code))
            return RemoteErrors.AwsCredentialsRefused(name, code, config.Region.Name, failure);
        if (AwsErrorCodes.Throttled.Contains(code) || error.StatusCode == HttpStatusCode.TooManyRequests)
            return RemoteErrors.AwsThrottled(service.Id, operation, failure);
        if (failure.IsAccessDenied)
            return RemoteErrors.AwsAccessDenied($"{service.SigningName}:{IamAction(operation)}", text, failure);
        if ((int)error.StatusCode >= 500)
            return RemoteErrors.AwsServiceError(service.Id, operation, (int)error.StatusCode, error.RequestId, failure);
        return service.Id == AwsService.Lambda.Id
            ? RemoteErrors.AwsLambdaRefused(operation, code, text, failure)
            : RemoteErrors.AwsEcrRefused(operation, code, text, failure);
    }

    // Lambda's getter by ARN is no IAM action of its own.
    private static string IamAction(string operation) =>
        operation == "GetLayerVersionByArn" ? "GetLayerVersion" : operation;

    private static bool IsSkewedSignature(AmazonServiceException error) =>
        AwsErrorCodes.BadCredentials.Contains(error.ErrorCode ?? "")
        && (error.Message.Contains("Signature expired", StringComparison.Ordinal)
            || error.Message.Contains("Signature not yet current", StringComparison.Ordinal));

    private static LayersException FromSts(AmazonSecurityTokenServiceException error, string? profile)
    {
        var name = AwsProfiles.NameOrDefault(profile);
        var code = error.ErrorCode ?? "";
        if (AwsErrorCodes.Expired.Contains(code))
            return AwsProfiles.SsoProfileOf(profile) is { } sso
                ? RemoteErrors.AwsSignInNeeded(sso)
                : RemoteErrors.AwsCredentialsExpired(name);
        return RemoteErrors.AwsRoleNotAssumed(
            name, code.Length == 0 ? $"status {(int)error.StatusCode}" : code, AwsText.Sanitize(error.Message));
    }

    // No credentials, or none that can be made without asking somebody.
    private static LayersException FromCredentials(string? profile)
    {
        var named = profile is not null || AwsProfiles.NameOrDefault(null) != "default";
        if (named && !AwsProfiles.Exists(profile))
            return ProfileNotFound(profile);
        if (AwsProfiles.NeedsMfa(profile))
            return RemoteErrors.AwsMfaNeeded(AwsProfiles.NameOrDefault(profile));
        if (AwsProfiles.SsoProfileOf(profile) is { } sso)
            return RemoteErrors.AwsSignInNeeded(sso);
        if (AwsProfiles.IsLogin(profile))
            return RemoteErrors.AwsLoginUnsupported(AwsProfiles.NameOrDefault(profile));
        return named
            ? RemoteErrors.AwsProfileUnusable(AwsProfiles.NameOrDefault(profile))
            : RemoteErrors.AwsNoCredentials();
    }

    private static LayersException SignInExpired(string? profile) =>
        RemoteErrors.AwsSignInNeeded(AwsProfiles.SsoProfileOf(profile) ?? AwsProfiles.NameOrDefault(profile));

    private static LayersException ProfileNotFound(string? profile) =>
        RemoteErrors.AwsProfileNotFound(AwsProfiles.NameOrDefault(profile), profile is not null, AwsProfiles.Names());

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
