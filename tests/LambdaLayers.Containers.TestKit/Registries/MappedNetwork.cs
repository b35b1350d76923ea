using System.Net;
using System.Net.Sockets;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// A network of invented names, each led to a port on loopback: so tests can talk to <c>registry.test</c> over TLS as a
/// user would, and see which name got which credential.
/// </summary>
internal sealed class MappedNetwork(TestCertificates? certificates = null)
{
    private readonly Dictionary<string, int> _ports = new(StringComparer.OrdinalIgnoreCase);

    public MappedNetwork With(string host, int port)
    {
        _ports[host] = port;
        return this;
    }

    /// <summary>The client's ways out: the verified one trusts the test's authority and no other.</summary>
    public HttpTransport CreateHttp(HttpPolicy? policy = null, TimeProvider? time = null, IEngineLog? log = null)
    {
        var verified = Handler();
        if (certificates is not null)
            verified.SslOptions.CertificateChainPolicy = certificates.TrustPolicy();
        var unverified = Handler();
        unverified.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        return new HttpTransport(
            verified, unverified, policy ?? HttpPolicy.Default, time ?? TimeProvider.System, log ?? new SilentLog());
    }

    private SocketsHttpHandler Handler()
    {
        var handler = HttpTransport.NewHandler(null);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            var target = _ports.TryGetValue(host, out var mapped) ? mapped
                : host is "127.0.0.1" or "localhost" ? port
                : throw new SocketException((int)SocketError.HostNotFound);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return handler;
    }

    private sealed class SilentLog : IEngineLog
    {
        public void High(string message)
        {
        }

        public void Normal(string message)
        {
        }

        public void Low(string message)
        {
        }

        public void Warning(Diagnostic diagnostic)
        {
        }
    }
}
