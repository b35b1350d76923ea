using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Gets bearer tokens: anonymous or with Basic by GET (https://distribution.github.io/distribution/spec/auth/token/),
/// with an
/// identity token by OAuth2 POST (https://distribution.github.io/distribution/spec/auth/oauth/).
/// </summary>
internal sealed class TokenService(RegistryExchange exchange, BoundedBody body, RetryPolicy retry, TimeProvider time)
{
    private const string ClientId = "LambdaLayers.Containers";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(12);

    /// <summary>A token for the scopes, or null when the service refuses (401, 403) what it was given.</summary>
    public Task<AccessToken?> GetAsync(
        RegistryEndpoint endpoint, AuthChallenge challenge, IReadOnlyList<string> scopes, Credential? credential,
        CancellationToken cancellationToken)
    {
        var realm = TokenRealm.Check(endpoint, challenge.Realm);
        return retry.RunAsync(async token =>
        {
            using var message = credential?.IdentityToken is { } identity
                ? NewPost(realm, challenge.Service, scopes, identity)
                : NewGet(realm, challenge.Service, scopes, credential);
            // A realm on the registry's own host shares its certificate, and so its exemption.
            var verify = endpoint.Verified || realm.IdnHost != endpoint.Root.IdnHost;
            using var response = await exchange.SendOnceAsync(message, verify, "a token", token);
            return await ReadAsync(endpoint, realm, response, token);
        }, cancellationToken);
    }

    private async Task<AccessToken?> ReadAsync(
        RegistryEndpoint endpoint, Uri realm, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var shown = TokenRealm.Shown(realm);
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return null;
        if (RegistryFailures.IsTransient(response.StatusCode))
            throw new TransientFailure(
                RemoteErrors.RegistryBusy(endpoint.Registry, "a token", status, ""), RegistryFailures.RetryAfter(response, time));
        // Redirects are not followed here: what is sent along is worth more than what comes back.
        if (!response.IsSuccessStatusCode)
            throw RemoteErrors.TokenUnusable(endpoint.Registry, shown, $"it answered {status}");
        if (RegistryFailures.IsHtml(response))
            throw RemoteErrors.NotARegistry(realm.Authority, "a token");

        var bytes = await body.ReadAsync(response, realm.Authority, "a token", Limits.Default.TokenBytes, cancellationToken);
        try
        {
            return Parse(OciJson.ReadObject(bytes))
                ?? throw RemoteErrors.TokenUnusable(endpoint.Registry, shown, "its answer holds no token");
        }
        catch (FormatException e)
        {
            throw RemoteErrors.TokenUnusable(endpoint.Registry, shown, e.Message, e);
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
        return new AccessToken(text, time.GetUtcNow() + (lifetime * 0.9));
    }

    private static HttpRequestMessage NewGet(Uri realm, string? service, IReadOnlyList<string> scopes, Credential? credential)
    {
        var pairs = new List<string>();
        if (service is not null)
            pairs.Add("service=" + Uri.EscapeDataString(service));
        pairs.AddRange(scopes.Select(x => "scope=" + Uri.EscapeDataString(x)));
        var query = realm.Query.Length > 1 ? realm.Query[1..] + "&" : "";
        var address = new UriBuilder(realm) { Query = query + string.Join('&', pairs), Fragment = "" }.Uri;
        var message = new HttpRequestMessage(HttpMethod.Get, address);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.Authorization = credential?.ToBasic();
        return message;
    }

    private static HttpRequestMessage NewPost(Uri realm, string? service, IReadOnlyList<string> scopes, string identity)
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
        return new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
    }
}
