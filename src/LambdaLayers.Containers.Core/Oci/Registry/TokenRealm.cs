using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Decides whether the token service that a registry names may be told the registry's credentials. As with docker, it
/// may
/// be another host (docker.io names auth.docker.io): the registry that a credential was stored for is the one that says
/// where it is used, provided that nobody in between could have said it. So:
/// a registry on HTTPS may only name HTTPS, any host; one on plain HTTP (loopback, or listed as insecure) may name
/// HTTPS, or
/// HTTP on its own host; and only loopback may name loopback, so that no registry reaches into this machine.
/// A registry can never obtain another registry's credentials, whatever realm, service or scope it names: they are
/// looked
/// up by the name of the registry that asks.
/// </summary>
internal static class TokenRealm
{
    /// <summary>The address, or an error that says why it is not acceptable.</summary>
    public static Uri Check(RegistryEndpoint endpoint, string? realm)
    {
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            throw Refused(realm is null ? "" : "an address that is none", "it is not an absolute HTTP address");
        var shown = Shown(uri);
        if (uri.UserInfo.Length > 0)
            throw Refused(shown, "it holds a user name");
        if (uri.Scheme == Uri.UriSchemeHttp && endpoint.Root.Scheme == Uri.UriSchemeHttps)
            throw Refused(shown, "it is plain HTTP while the registry is HTTPS");
        if (uri.Scheme == Uri.UriSchemeHttp && !SameMachine(endpoint, uri))
            throw Refused(shown, "it is plain HTTP on another host");
        if (!endpoint.IsLoopback && IsInternal(uri) && !SameMachine(endpoint, uri))
            throw Refused(shown, "it is on this machine or link-local");
        return uri;

        LayersException Refused(string what, string reason) =>
            RemoteErrors.RealmRefused(endpoint.Registry, what, reason);
    }

    /// <summary>The address without query and fragment, for messages.</summary>
    public static string Shown(Uri realm) =>
        realm.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static bool SameMachine(RegistryEndpoint endpoint, Uri uri) =>
        uri.IdnHost == endpoint.Root.IdnHost || (endpoint.IsLoopback && InsecureRegistries.IsLoopback(uri));

    private static bool IsInternal(Uri uri)
    {
        if (InsecureRegistries.IsLoopback(uri))
            return true;
        if (!IPAddress.TryParse(uri.IdnHost, out var address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.IsIPv6LinkLocal || address.Equals(IPAddress.IPv6Any)
            || (address.GetAddressBytes() is [169, 254, _, _] or [0, _, _, _]);
    }
}
