using System.Net;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>
/// Keeps the process's HTTP proxy away from one loopback port until disposed. With http_proxy set and no no_proxy,
/// .NET would send the SDK's requests for localhost to the proxy.
/// </summary>
internal sealed class ProxyBypass : IDisposable
{
    // HttpClient.DefaultProxy is one for the process; several builds may need their ports in it at once.
    private static readonly Lock Gate = new();
    private static BypassingProxy? _installed;

    private readonly int _port;

    private ProxyBypass(int port) => _port = port;

    /// <summary>Requests to <paramref name="port"/> on this machine go there directly from now on.</summary>
    public static ProxyBypass Install(int port)
    {
        lock (Gate)
        {
            if (_installed is null || HttpClient.DefaultProxy != _installed)
                HttpClient.DefaultProxy = _installed = new BypassingProxy(HttpClient.DefaultProxy);
            _installed.Ports.Add(port);
        }

        return new ProxyBypass(port);
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_installed is null)
                return;
            _installed.Ports.Remove(_port);
            // Somebody who has wrapped ours meanwhile keeps it: without ports it changes nothing.
            if (_installed.Ports.Count > 0 || HttpClient.DefaultProxy != _installed)
                return;
            HttpClient.DefaultProxy = _installed.Inner;
            _installed = null;
        }
    }

    private sealed class BypassingProxy(IWebProxy inner) : IWebProxy
    {
        public IWebProxy Inner => inner;

        public HashSet<int> Ports { get; } = [];

        public ICredentials? Credentials
        {
            get => inner.Credentials;
            set => inner.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => IsOurs(destination) ? null : inner.GetProxy(destination);

        public bool IsBypassed(Uri host) => IsOurs(host) || inner.IsBypassed(host);

        private bool IsOurs(Uri uri)
        {
            lock (Gate)
                return uri.IsLoopback && Ports.Contains(uri.Port);
        }
    }
}
