using System.Collections.Concurrent;
using System.Globalization;
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
/// to it, behind a certificate that only processes with <see cref="Environment"/> trust. All other hosts are refused. One story at a
/// time uses one of them, and the next story the same one, so that warm build servers may have read its variables.
/// </summary>
public sealed class EcrHosts : IDisposable
{
    private static readonly ConcurrentBag<EcrHosts> Idle = [];

    private readonly TempRoot _root = TempRoot.ForTheRun();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TestCertificates _certificates = new();
    private readonly ConcurrentDictionary<string, X509Certificate2> _issued = new();
    private int _registryPort;
    private IReadOnlyList<string> _hosts = [];

    private EcrHosts()
    {
        _root.Write("ca.pem", _certificates.Authority.ExportCertificatePem());
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>
    /// Variables of a process that is to see these hosts. A process reads them once: only such as have seen them may, see
    /// <see cref="ServerPool"/>.
    /// </summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["HTTPS_PROXY"] = $"http://127.0.0.1:{Port}",
        ["NO_PROXY"] = "localhost,127.0.0.1",
        ["SSL_CERT_FILE"] = _root.File("ca.pem"),
    };

    /// <summary>The build servers that were started with <see cref="Environment"/>.</summary>
    public string ServerPool => string.Create(CultureInfo.InvariantCulture, $"ECR behind {Port}");

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Leads these hosts to a registry until it is disposed; then the next story has the proxy.</summary>
    public static EcrHosts Start(EcrRegistry registry, params string[] hosts)
    {
        var taken = Idle.TryTake(out var idle) ? idle : new EcrHosts();
        taken._registryPort = int.Parse(registry.Host[(registry.Host.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        taken._hosts = hosts;
        return taken;
    }

    public void Dispose()
    {
        _hosts = [];
        Idle.Add(this);
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync());
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var authority = await ReadConnectAsync(stream);
                var host = _hosts.FirstOrDefault(host => authority == host + ":443");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    host is null ? "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n"));
                if (host is not null)
                    await RelayAsync(stream, host);
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException
                or ObjectDisposedException)
            {
                // One of the two sides went away.
            }
        }
    }

    private async Task RelayAsync(NetworkStream client, string host)
    {
        await using var tls = new SslStream(client);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _issued.GetOrAdd(host, name => _certificates.Issue(name)) });
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, _registryPort);
        await using var server = upstream.GetStream();
        await Task.WhenAny(tls.CopyToAsync(server), server.CopyToAsync(tls));
    }

    private static async Task<string> ReadConnectAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer) == 0)
            {
                throw new IOException("The client went away.");
            }

            head.Append((char)buffer[0]);
        }

        return head.ToString().Split(' ')[1];
    }
}
