using System.Net.Sockets;
using System.Security.Authentication;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Turns what the network threw into a message, and decides whether another try makes sense.</summary>
internal static class NetworkFailures
{
    /// <summary>The exception to throw: a <see cref="TransientFailure"/>, or a final one.</summary>
    public static Exception Explain(Uri uri, string what, HttpRequestException failure)
    {
        var host = uri.Authority;
        if (failure.HttpRequestError is HttpRequestError.SecureConnectionError
            && IsCertificateTrouble(failure, out var reason))
            return RemoteErrors.RegistryUntrusted(host, reason, failure);
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Connecting("its name is not known"),
            HttpRequestError.ProxyTunnelError => Connecting("the proxy does not let the connection through"),
            HttpRequestError.ConnectionError => Connecting(Innermost(failure)),
            // Plain HTTP where TLS was expected, or a connection cut in the handshake.
            HttpRequestError.SecureConnectionError => new TransientFailure(
                RemoteErrors.RegistryUntrusted(host, Innermost(failure), failure), connecting: true),
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse =>
                RemoteErrors.RegistryFailed(host, what, "with something that is not HTTP", ""),
            _ => new TransientFailure(RemoteErrors.TransferCut(host, what, Innermost(failure), failure)),
        };

        TransientFailure Connecting(string why) =>
            new(RemoteErrors.RegistryUnreachable(host, why, failure), connecting: true);
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

    private static bool IsCertificateTrouble(Exception exception, out string reason)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            // SslStream's words for a failed verification: "…certificate is invalid … : PartialChain" and the like.
            if (e is AuthenticationException && e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
            {
                reason = "its certificate is not trusted (" + e.Message.TrimEnd('.') + ")";
                return true;
            }
        }

        reason = "";
        return false;
    }
}
