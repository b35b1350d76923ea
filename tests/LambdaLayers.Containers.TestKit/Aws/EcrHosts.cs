using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>
/// Gives an <see cref="EcrRegistry"/> the host names of real ones: an HTTP proxy that leads HTTPS connections for those names
/// to it, behind a certificate that only processes with <see cref="Environment"/> trust. All other hosts are refused.
/// </summary>
public sealed class EcrHosts : IAsyncDisposable
{
    private readonly TempRoot _root = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _connections = new();
    private readonly int _registryPort;
    private readonly string[] _hosts;
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;

    private EcrHosts(EcrRegistry registry, string[] hosts)
    {
        _registryPort = int.Parse(registry.Host[(registry.Host.LastIndexOf(':') + 1)..]);
        _hosts = hosts;
        using var certificates = new TestCertificates();
        _certificate = certificates.Issue(hosts);
        _root.Write("ca.pem", certificates.Authority.ExportCertificatePem());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>"host:port" of every CONNECT so far, refused ones too.</summary>
    public IReadOnlyList<string> Connections => [.. _connections];

    /// <summary>Variables of a process that is to see these hosts.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["HTTPS_PROXY"] = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}",
        ["NO_PROXY"] = "localhost,127.0.0.1",
        ["SSL_CERT_FILE"] = _root.File("ca.pem"),
    };

    public static EcrHosts Start(EcrRegistry registry, params string[] hosts) => new(registry, hosts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _certificate.Dispose();
        _stop.Dispose();
        _root.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var authority = await ReadConnectAsync(stream);
                _connections.Enqueue(authority);
                var known = _hosts.Any(host => authority == host + ":443");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    known ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), _stop.Token);
                if (known)
                {
                    await RelayAsync(stream);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException
                or ObjectDisposedException)
            {
                // One of the two sides went away.
            }
        }
    }

    private async Task RelayAsync(NetworkStream client)
    {
        await using var tls = new SslStream(client);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, _registryPort, _stop.Token);
        await using var server = upstream.GetStream();
        await Task.WhenAny(tls.CopyToAsync(server, _stop.Token), server.CopyToAsync(tls, _stop.Token));
    }

    private async Task<string> ReadConnectAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, _stop.Token) == 0)
            {
                throw new IOException("The client went away.");
            }

            head.Append((char)buffer[0]);
        }

        return head.ToString().Split(' ')[1];
    }
}
