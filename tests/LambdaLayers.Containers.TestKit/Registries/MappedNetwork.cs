using System.Net;
using System.Net.Sockets;
using LambdaLayers.Containers.Core.Oci.Registry;

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
    public RegistryHttp CreateHttp()
    {
        var verified = Handler();
        if (certificates is not null)
            verified.SslOptions.CertificateChainPolicy = certificates.TrustPolicy();
        var unverified = Handler();
        unverified.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        return new RegistryHttp(verified, unverified);
    }

    private SocketsHttpHandler Handler()
    {
        var handler = RegistryHttp.NewHandler(null);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            var target = _ports.TryGetValue(host, out var mapped) ? mapped
                : host == "127.0.0.1" ? port
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
}
