using System.Net;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// A proxy that is never asked for this machine: with http_proxy set and no no_proxy, .NET would ask it.
/// </summary>
internal sealed class LoopbackBypassingProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => InsecureRegistries.IsLoopback(host) || inner.IsBypassed(host);
}
