using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A bearer token and how long to use it. Its text never shows the token.</summary>
/// <param name="renewAt">From here on a new one is fetched; a little before it really expires.</param>
internal sealed class AccessToken(string value, DateTimeOffset renewAt)
{
    public string Value => value;

    public DateTimeOffset RenewAt => renewAt;
}

/// <summary>
/// Gets bearer tokens: anonymous or with Basic by GET (https://distribution.github.io/distribution/spec/auth/token/),
/// with an identity token by OAuth2 POST (https://distribution.github.io/distribution/spec/auth/oauth/).
/// </summary>
internal sealed class TokenService(HttpTransport transport)
{
    private const string ClientId = "LambdaLayers.Containers";
    private const string What = "a token";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(12);

    /// <summary>A token for the scopes, or null when the service refuses (401, 403) what it was given.</summary>
    public async Task<AccessToken?> GetAsync(
        RegistryEndpoint endpoint, AuthChallenge challenge, IReadOnlyList<string> scopes, Credential? credential,
        CancellationToken cancellationToken)
    {
        var realm = TokenRealm.Check(endpoint, challenge.Realm);
        // A realm on the registry's own host shares its certificate, and so its exemption.
        var origin = new HttpOrigin(
            new Uri(realm.GetLeftPart(UriPartial.Authority)),
            endpoint.Origin.Verified || realm.IdnHost != endpoint.Origin.Root.IdnHost);
        var call = credential?.Demand(endpoint.Registry).IdentityToken is { } identity
            ? NewPost(realm, origin, challenge.Service, scopes, identity)
            : NewGet(realm, origin, challenge.Service, scopes, credential?.ToBasic(endpoint.Registry, origin));
        call = call with
        {
            // What is sent along is worth more than what comes back.
            FollowsRedirects = false,
            IsForeign = realm.IdnHost != endpoint.Origin.Root.IdnHost && !endpoint.Origin.IsLoopback,
        };
        try
        {
            return await transport.RetryAsync(
                What,
                async token =>
                {
                    using var response = await transport.SendAsync(call, token);
                    return await ReadAsync(endpoint, realm, response, token);
                },
                cancellationToken);
        }
        catch (HttpFailure failure)
        {
            throw RegistryErrors.Of(endpoint.Registry, What, failure);
        }
    }

    private async Task<AccessToken?> ReadAsync(
        RegistryEndpoint endpoint, Uri realm, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var shown = TokenRealm.Shown(realm);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return null;
        if (HttpFailure.Of(response, transport.Time) is { } transient)
            throw transient;
        if (!response.IsSuccessStatusCode)
            throw RegistryErrors.TokenUnusable(
                endpoint.Registry, shown, $"it answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
        if (RegistryErrors.IsWebPage(response))
            throw RegistryErrors.NotARegistry(realm.Authority, What);

        var bytes = await transport.ReadAsync(response, Limits.Default.TokenBytes, cancellationToken);
        try
        {
            return Parse(OciJson.ReadObject(bytes))
                ?? throw RegistryErrors.TokenUnusable(endpoint.Registry, shown, "its answer holds no token");
        }
        catch (FormatException e)
        {
            throw RegistryErrors.TokenUnusable(endpoint.Registry, shown, e.Message, e);
        }
    }

    private AccessToken? Parse(JsonObject json)
    {
        var text = OciJson.String(json, "token") is { Length: > 0 } token ? token : OciJson.String(json, "access_token");
        if (string.IsNullOrEmpty(text) || text.Any(c => c is < '!' or > '~'))
            return null;
        var seconds = json["expires_in"] is JsonValue value && value.GetValueKind() is JsonValueKind.Number
            && value.TryGetValue<double>(out var number) && number > 0 ? number : DefaultLifetime.TotalSeconds;
        var lifetime = TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds));
        // Counted from when it arrived by our own clock (issued_at is by theirs), and renewed a tenth early.
        return new AccessToken(text, transport.Time.GetUtcNow() + (lifetime * 0.9));
    }

    private static HttpCall NewGet(
        Uri realm, HttpOrigin origin, string? service, IReadOnlyList<string> scopes, OriginAuthorization? authorization)
    {
        var pairs = new List<string>();
        if (service is not null)
            pairs.Add("service=" + Uri.EscapeDataString(service));
        pairs.AddRange(scopes.Select(x => "scope=" + Uri.EscapeDataString(x)));
        var query = realm.Query.Length > 1 ? realm.Query[1..] + "&" : "";
        var address = new UriBuilder(realm) { Query = query + string.Join('&', pairs), Fragment = "" }.Uri;
        return new HttpCall(HttpMethod.Get, address, origin)
        {
            SetHeaders = static headers => headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json")),
            Authorization = authorization,
        };
    }

    private static HttpCall NewPost(
        Uri realm, HttpOrigin origin, string? service, IReadOnlyList<string> scopes, string identity)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identity,
            ["client_id"] = ClientId,
            ["scope"] = string.Join(' ', scopes),
        };
        if (service is not null)
            form["service"] = service;
        return new HttpCall(HttpMethod.Post, realm, origin)
        {
            OpenContentAsync = _ => Task.FromResult<HttpContent>(new FormUrlEncodedContent(form)),
        };
    }
}

/// <summary>
/// Decides whether the token service that a registry names may be told the registry's credentials. As with docker, it may
/// be another host (docker.io names auth.docker.io): the registry that a credential was stored for is the one that says
/// where it is used, provided that nobody in between could have said it. So:
/// a registry on HTTPS may only name HTTPS, any host; one on plain HTTP (loopback, or listed as insecure) may name HTTPS, or
/// HTTP on its own host; and only loopback may name loopback, so that no registry reaches into this machine.
/// A registry can never obtain another registry's credentials, whatever realm, service or scope it names: they are looked
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
        var origin = endpoint.Origin;
        var sameMachine = uri.IdnHost == origin.Root.IdnHost || (origin.IsLoopback && HttpOrigin.IsThisMachine(uri));
        if (uri.UserInfo.Length > 0)
            throw Refused(shown, "it holds a user name");
        if (uri.Scheme == Uri.UriSchemeHttp && origin.Root.Scheme == Uri.UriSchemeHttps)
            throw Refused(shown, "it is plain HTTP while the registry is HTTPS");
        if (uri.Scheme == Uri.UriSchemeHttp && !sameMachine)
            throw Refused(shown, "it is plain HTTP on another host");
        if (!sameMachine && (HttpOrigin.IsThisMachine(uri) || HttpOrigin.IsLinkLocal(uri)))
            throw Refused(shown, "it is on this machine or link-local");
        return uri;

        LayersException Refused(string what, string reason) =>
            RegistryErrors.RealmRefused(endpoint.Registry, what, reason);
    }

    /// <summary>The address without query and fragment, for messages.</summary>
    public static string Shown(Uri realm) =>
        realm.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

/// <summary>
/// What a token is asked for (https://distribution.github.io/distribution/spec/auth/scope/). The registry's own words
/// are kept, since proxies name repositories in their own way, but the rights are ours: <c>pull</c>, and <c>push</c> only
/// for who pushes.
/// </summary>
internal static class TokenScope
{
    /// <summary>
    /// The scopes to ask for; the registry's, or one for <paramref name="repository"/> when it names none.
    /// </summary>
    public static IReadOnlyList<string> For(string? offered, string repository, bool push = false)
    {
        var rights = push ? "pull,push" : "pull";
        var scopes = (offered ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(scope => WithRights(scope, rights)).Distinct().ToList();
        return scopes.Count > 0 ? scopes : [$"repository:{repository}:{rights}"];
    }

    private static string WithRights(string scope, string rights)
    {
        var actions = scope.LastIndexOf(':');
        return scope.StartsWith("repository", StringComparison.Ordinal)
            && actions > scope.IndexOf(':', StringComparison.Ordinal)
            ? scope[..(actions + 1)] + rights
            : scope;
    }
}
