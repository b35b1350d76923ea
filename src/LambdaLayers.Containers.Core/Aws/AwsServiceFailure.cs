using System.Net;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// A refusal by an AWS service, as the inner exception of the <c>LayersException</c> that reports it, so that callers
/// which can do something about one kind can tell it apart.
/// </summary>
internal sealed class AwsServiceFailure(
    string operation, string code, HttpStatusCode status, string message, string? requestId)
    : Exception(message)
{
    public string Operation { get; } = operation;

    /// <summary>The error's name in the service model, such as <c>ResourceNotFoundException</c>.</summary>
    public string Code { get; } = code;

    public HttpStatusCode Status { get; } = status;

    public string? RequestId { get; } = requestId;

    /// <summary>Whether the caller may not do this, however the service spells it.</summary>
    public bool IsAccessDenied => AwsErrorCodes.AccessDenied.Contains(Code)
        || (Status == HttpStatusCode.Forbidden && !AwsErrorCodes.BadCredentials.Contains(Code));

    /// <summary>The refusal that <paramref name="exception"/> reports, or null.</summary>
    public static AwsServiceFailure? Of(Exception exception) => exception.InnerException as AwsServiceFailure;

    /// <summary>Whether <paramref name="exception"/> reports a refusal with one of these codes.</summary>
    public static bool Is(Exception exception, params ReadOnlySpan<string> codes) =>
        Of(exception) is { } failure && codes.Contains(failure.Code);
}
