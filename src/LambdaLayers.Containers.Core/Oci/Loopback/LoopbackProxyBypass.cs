using System.Net;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>
/// Keeps the process's HTTP proxy away from one loopback port until disposed. With http_proxy set and no no_proxy,
/// .NET would send the SDK's requests for localhost to the proxy.
/// </summary>
internal sealed class LoopbackProxyBypass : IDisposable
{
    // HttpClient.DefaultProxy is one for the process; several builds may need their ports in it at once.
    private static readonly Lock Gate = new();
    private static BypassingProxy? s_installed;

    private readonly int _port;

    private LoopbackProxyBypass(int port) => _port = port;

    /// <summary>Requests to <paramref name="port"/> on this machine go there directly from now on.</summary>
    public static LoopbackProxyBypass Install(int port)
    {
        lock (Gate)
        {
            if (s_installed is null || HttpClient.DefaultProxy != s_installed)
                HttpClient.DefaultProxy = s_installed = new BypassingProxy(HttpClient.DefaultProxy);
            s_installed.Ports.Add(port);
        }

        return new LoopbackProxyBypass(port);
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (s_installed is null)
                return;
            s_installed.Ports.Remove(_port);
            // Somebody who has wrapped ours meanwhile keeps it: without ports it changes nothing.
            if (s_installed.Ports.Count > 0 || HttpClient.DefaultProxy != s_installed)
                return;
            HttpClient.DefaultProxy = s_installed.Inner;
            s_installed = null;
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
