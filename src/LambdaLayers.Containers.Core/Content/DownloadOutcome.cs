using System.Net;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>How one attempt at a download ended.</summary>
internal sealed record DownloadOutcome
{
    public static readonly DownloadOutcome Finished = new() { Done = true };

    public bool Done { get; private init; }

    /// <summary>Whether the same address may well answer better in a moment.</summary>
    public bool Transient { get; private init; }

    /// <summary>Whether this is what a presigned link answers when its time is over.</summary>
    public bool LinkExpired { get; private init; }

    /// <summary>HTTP status, 0 when there was none.</summary>
    public int Status { get; private init; }

    /// <summary>What happened, and for refusals what to do; without address.</summary>
    public string Reason { get; private init; } = "";

    public TimeSpan? RetryAfter { get; private init; }

    public Exception? Exception { get; private init; }

    /// <summary>The connection failed, or broke before the end.</summary>
    public static DownloadOutcome Cut(string reason, Exception? exception = null) =>
        new() { Transient = true, Reason = reason, Exception = exception };

    /// <summary>The server refused.</summary>
    public static DownloadOutcome Of(HttpResponseMessage response, TimeProvider time)
    {
        var status = (int)response.StatusCode;
        var transient = status is 408 or 416 or 425 or 429 or 500 or 502 or 503 or 504;
        return new DownloadOutcome
        {
            Transient = transient,
            // Amazon S3: 403 for a signature whose time is over, 400 when the session that signed it has ended.
            LinkExpired = status is 400 or 401 or 403,
            Status = status,
            Reason = transient ? $"status {status}" : Advice(response.StatusCode),
            RetryAfter = response.Headers.RetryAfter is { } header
                ? header.Delta ?? header.Date - time.GetUtcNow()
                : null,
        };
    }

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            "Addresses that need a login are not supported; use one that is open, or download the zip before the build.",
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "There is nothing at this address: correct it.",
        HttpStatusCode.ProxyAuthenticationRequired => "The proxy wants a login: put it into HTTPS_PROXY.",
        _ => "Check the address.",
    };
}
