using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>What went wrong between us and a server.</summary>
internal enum HttpFailureKind
{
    /// <summary>No connection came about.</summary>
    Unreachable,

    /// <summary>TLS failed.</summary>
    Untrusted,

    /// <summary>The connection broke, fell silent, or was too slow.</summary>
    Cut,

    /// <summary>A status that another try may change: see <see cref="HttpPolicy.IsTransient"/>.</summary>
    Busy,

    /// <summary>What came is not HTTP.</summary>
    NotHttp,

    TooManyRedirects,

    /// <summary>An address that the server sent us on to, and that is not to be used.</summary>
    RedirectRefused,

    /// <summary>The server cannot send the part that was asked for.</summary>
    RangeRefused,

    /// <summary>What is there is not what an earlier part was of.</summary>
    Changed,

    TooLarge,
    WrongSize,
    WrongDigest,
}

/// <summary>
/// A failed transfer, without words for users: who uses the transport knows what it was for, and makes a
/// <see cref="Diagnostics.LayersException"/> of it.
/// </summary>
/// <param name="host">Host and port of the server; no more of its address, which may be a secret.</param>
/// <param name="reason">A part of a sentence: <c>the connection was refused</c>.</param>
internal sealed class HttpFailure(HttpFailureKind kind, string host, string reason, Exception? inner = null)
    : Exception(reason, inner)
{
    public HttpFailureKind Kind => kind;

    public string Host => host;

    public string Reason => Message;

    /// <summary>What should have come, for wrong sizes and digests; the limit, for what is too large.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The wait that the server asks for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same may go well the next time.</summary>
    public bool IsTransient { get; private init; } = kind is HttpFailureKind.Unreachable or HttpFailureKind.Untrusted
        or HttpFailureKind.Cut or HttpFailureKind.Busy or HttpFailureKind.RangeRefused;

    /// <summary>Whether not even a connection came about.</summary>
    public bool IsConnecting => kind is HttpFailureKind.Unreachable or HttpFailureKind.Untrusted;

    /// <summary>What a request threw.</summary>
    public static HttpFailure Of(Uri address, HttpRequestException failure)
    {
        var host = address.Authority;
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => New(HttpFailureKind.Unreachable, "its name is not known"),
            HttpRequestError.ProxyTunnelError =>
                New(HttpFailureKind.Unreachable, "the proxy does not let the connection through"),
            HttpRequestError.ConnectionError => New(HttpFailureKind.Unreachable, Innermost(failure)),
            HttpRequestError.SecureConnectionError when CertificateTrouble(failure) is { } trouble =>
                new(HttpFailureKind.Untrusted, host, trouble, failure) { IsTransient = false },
            // Plain HTTP where TLS was expected, or a connection cut in the handshake.
            HttpRequestError.SecureConnectionError => New(HttpFailureKind.Untrusted, Innermost(failure)),
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse =>
                New(HttpFailureKind.NotHttp, "it answers with something that is not HTTP"),
            _ => New(HttpFailureKind.Cut, Innermost(failure)),
        };

        HttpFailure New(HttpFailureKind kind, string reason) => new(kind, host, reason, failure);
    }

    /// <summary>A response whose status asks for another try; null for any other.</summary>
    public static HttpFailure? Of(HttpResponseMessage response, TimeProvider time)
    {
        var host = response.RequestMessage?.RequestUri?.Authority ?? "";
        if (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            return new HttpFailure(HttpFailureKind.RangeRefused, host, "it refuses the part that was asked for");
        if (!HttpPolicy.IsTransient(response.StatusCode))
            return null;
        TimeSpan? wait = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
        return new HttpFailure(
            HttpFailureKind.Busy, host, $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd())
        {
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait,
        };
    }

    /// <summary>The last cause's own words, which name the trouble best.</summary>
    public static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception is SocketException socket
            ? socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "the connection was refused",
                SocketError.ConnectionReset => "the connection was reset",
                SocketError.HostNotFound => "its name is not known",
                SocketError.TimedOut => "the connection timed out",
                _ => socket.Message,
            }
            : exception.Message.TrimEnd('.');
    }

    // SslStream's words for a failed verification: "…certificate is invalid … : PartialChain" and the like.
    private static string? CertificateTrouble(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException && e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
                return "its certificate is not trusted (" + e.Message.TrimEnd('.') + ")";
        }

        return null;
    }
}
