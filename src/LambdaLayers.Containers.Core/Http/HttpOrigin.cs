using System.Net;
using System.Net.Http.Headers;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>
/// The server that the user named, by scheme, host and port: what it may be sent, and where it may send us on to.
/// </summary>
/// <param name="Root">Scheme, host and port.</param>
/// <param name="Verified">False when any certificate will do, there and nowhere else.</param>
/// <param name="PlainStorage">Whether a server on plain HTTP may send us on to plain HTTP on other hosts.</param>
internal sealed record HttpOrigin(Uri Root, bool Verified = true, bool PlainStorage = false)
{
    // Names and addresses under which clouds tell a machine its own secrets.
    private static readonly string[] MetadataHosts =
        ["metadata.google.internal", "metadata.goog", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254"];

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLoopback => IsThisMachine(Root);

    /// <summary>Whether <paramref name="address"/> is on this server: the same scheme, host and port.</summary>
    public bool Owns(Uri address) => Uri.Compare(
        address, Root, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>
    /// The address that a server names as the next one (a redirect, an upload's Location), or why it is not to be used:
    /// nothing that began on HTTPS goes on over HTTP, and no server elsewhere can send a build to services of the machine
    /// or the network that it runs in.
    /// </summary>
    /// <exception cref="HttpFailure"><see cref="HttpFailureKind.RedirectRefused"/>.</exception>
    public Uri Follow(Uri from, Uri location)
    {
        var to = new Uri(from, location);
        if (to.Scheme != Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttp)
            throw Refused($"'{to.Scheme}' is not HTTP");
        if (to.UserInfo.Length > 0)
            throw Refused("the address holds a user name");
        if (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttps)
            throw Refused($"from HTTPS to plain HTTP at '{to.Authority}'");
        var sameHost = to.IdnHost == Root.IdnHost;
        if (to.Scheme == Uri.UriSchemeHttp && !sameHost && !PlainStorage && !IsThisMachine(to))
            throw Refused($"to plain HTTP at '{to.Authority}'");
        if (!sameHost && IsThisMachine(to) && !IsLoopback)
            throw Refused("to this machine itself");
        if (!sameHost && IsLinkLocal(to))
            throw Refused("to an address of this machine's own network");
        return to;

        HttpFailure Refused(string reason) => new(HttpFailureKind.RedirectRefused, Root.Authority, reason);
    }

    /// <summary>Whether the host is this machine, by name (RFC 6761, with or without the root's dot) or address.</summary>
    public static bool IsThisMachine(Uri uri)
    {
        var host = Host(uri);
        return host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IsThisMachine(address));
    }

    /// <summary>Loopback, and the unspecified address, which leads to it.</summary>
    public static bool IsThisMachine(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any)
            || (address.GetAddressBytes() is [0, _, _, _]);
    }

    /// <summary>Link-local (RFC 3927, RFC 4291), where clouds keep a machine's secrets, and their other such places.</summary>
    public static bool IsLinkLocal(Uri uri)
    {
        var host = Host(uri);
        return MetadataHosts.Contains(host, StringComparer.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IsLinkLocal(address));
    }

    /// <inheritdoc cref="IsLinkLocal(Uri)"/>
    public static bool IsLinkLocal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _]
            || MetadataHosts.Contains(address.ToString(), StringComparer.Ordinal);
    }

    private static string Host(Uri uri) => uri.IdnHost.TrimEnd('.').ToLowerInvariant();
}

/// <summary>
/// An Authorization header that only its origin is ever sent: the transport asks it for each address anew, so that no
/// redirect and no Location can carry it elsewhere.
/// </summary>
internal sealed class OriginAuthorization(HttpOrigin origin, AuthenticationHeaderValue header)
{
    /// <summary>The header for a request to <paramref name="address"/>; null for any other server's.</summary>
    public AuthenticationHeaderValue? For(Uri address) => origin.Owns(address) ? header : null;

    /// <summary>Whether the two send the same.</summary>
    public bool IsSameAs(OriginAuthorization? other) => other is not null && other.For(origin.Root)?.Equals(header) == true;

    /// <summary>What must not show up in a message.</summary>
    public string Secret => header.Parameter ?? "";

    public override string ToString() => header.Scheme;
}
