using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Turns a refusal of a registry into a message.</summary>
internal static class RegistryFailures
{
    /// <summary>Whether the same request may go well later.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Whether the answer is a web page.</summary>
    public static bool IsHtml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() is "text/html" or "application/xhtml+xml";

    /// <summary>The wait asked for, from either form of the header.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.RetryAfter is not { } header)
            return null;
        var wait = header.Delta ?? header.Date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>The error for an answer that is neither success nor a challenge that can be met.</summary>
    /// <param name="access">The sentence about credentials.</param>
    public static Exception Explain(
        RegistryRequest request, HttpResponseMessage response, ServerAnswer answer, string access, TimeProvider time)
    {
        var host = response.RequestMessage?.RequestUri?.Authority ?? request.Image.Registry;
        var registry = request.Image.Registry;
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var asked = RetryAfter(response, time);
        var wait = asked is null ? "" : $" and asks to wait {asked.Value.TotalSeconds:0} seconds";
        var repository = $"'{request.Image.Name}'";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => RemoteErrors.RegistryUnauthorized(registry, repository, access, answer.Sentence),
            HttpStatusCode.Forbidden => RemoteErrors.RegistryForbidden(registry, repository, access, answer.Sentence),
            _ when IsTransient(response.StatusCode) => new TransientFailure(
                RemoteErrors.RegistryBusy(host, request.What, status, wait), asked),
            _ when IsHtml(response) => RemoteErrors.NotARegistry(host, request.What),
            HttpStatusCode.NotFound when request.Blob is { } blob => RemoteErrors.BlobNotFound(request.Image, blob),
            HttpStatusCode.NotFound when answer.Code is "NAME_UNKNOWN" or "NAME_INVALID" =>
                RemoteErrors.RepositoryNotFound(request.Image, answer.Sentence),
            HttpStatusCode.NotFound => RemoteErrors.ImageNotFound(request.Image, answer.Sentence),
            _ => RemoteErrors.RegistryFailed(host, request.What, status, answer.Sentence),
        };
    }
}
