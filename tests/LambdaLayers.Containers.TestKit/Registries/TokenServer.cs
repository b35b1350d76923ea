using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// A token service that registries trust (https://distribution.github.io/distribution/spec/auth/jwt/): ES256 tokens with the
/// authority's certificate as x5c. One user (<see cref="RegistryGuard.User"/>) may do everything; everybody else is refused.
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Service = "test-registry";
    public const string Issuer = "test-issuer";
    public const string User = RegistryGuard.User;
    public const string IdentityToken = "an-identity-token-of-the-test";

    private readonly string _password;
    private readonly ConcurrentBag<Func<LoopbackServer, bool>> _trusting = [];

    private TokenServer(X509Certificate2 authority, string password) => (Authority, _password) = (authority, password);

    public FakeServer Server { get; private set; } = null!;

    /// <summary>Who signs the tokens, with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>Where challenges send clients; this server by its address unless a test knows it by a name.</summary>
    public string Realm { get; set; } = "";

    /// <summary>Seconds that a token lives.</summary>
    public int Lifetime { get; set; } = 300;

    public static async Task<TokenServer> StartAsync(
        X509Certificate2 authority, string password = RegistryGuard.Password, X509Certificate2? certificate = null)
    {
        var service = new TokenServer(authority, password);
        service.Server = await FakeServer.StartAsync(service.AnswerAsync, certificate);
        SecretWatch.Allow(password, service.Server.Is);
        SecretWatch.Allow(IdentityToken, service.Server.Is);
        service.Realm = new Uri(service.Server.Address, "token").AbsoluteUri;
        return service;
    }

    /// <summary>Another registry that takes its tokens.</summary>
    internal void Trust(Func<LoopbackServer, bool> isRegistry) => _trusting.Add(isRegistry);

    /// <summary>The challenge for a request whose token does not allow what it wants; null when it does.</summary>
    internal string? Refuse(RegistryRequest request)
    {
        var wanted = Scopes(request);
        if (request.Authorization?.Split(' ', 2) is ["Bearer", var token] && Granted(token) is { } granted && wanted.All(granted.Contains))
            return null;
        var scope = string.Join(' ', wanted.GroupBy(w => w.Repository)
            .Select(g => $"repository:{g.Key}:{string.Join(',', g.Select(w => w.Action))}"));
        return $"Bearer realm=\"{Realm}\",service=\"{Service}\"{(scope.Length > 0 ? $",scope=\"{scope}\"" : "")}";
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var seen = Server.Requests[^1];
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{_password}"));
        var form = seen.Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => Uri.UnescapeDataString(x[1].Replace('+', ' ')));
        var allowed = request.Method == "POST"
            ? form.GetValueOrDefault("grant_type") == "refresh_token" && form.GetValueOrDefault("refresh_token") == IdentityToken
            : request.Headers.Authorization == basic;
        if (!allowed)
            return EmbeddedRegistry.ErrorAsync(context, 401, "UNAUTHORIZED", "wrong user or password");

        string[] scopes = request.Method == "POST"
            ? form["scope"].Split(' ') : [.. request.Query["scope"].OfType<string>().SelectMany(s => s.Split(' '))];
        context.Response.ContentType = "application/json";
        var name = request.Method == "POST" ? "access_token" : "token";
        var token = Sign(scopes);
        SecretWatch.Allow(token, server => _trusting.Any(isRegistry => isRegistry(server)));
        return context.Response.WriteAsync(new JsonObject { [name] = token, ["expires_in"] = Lifetime }.ToJsonString());
    }

    /// <summary>What docker-registry wants a token to allow: to write is to read too, and to mount is to read there.</summary>
    private static List<(string Repository, string Action)> Scopes(RegistryRequest request)
    {
        if (request.Repository is not { } repository)
            return [];
        List<(string, string)> scopes = [(repository, "pull")];
        if (request.IsWrite)
            scopes.Add((repository, "push"));
        if (System.Web.HttpUtility.ParseQueryString(request.Query)["from"] is { Length: > 0 } from && from != repository)
            scopes.Add((from, "pull"));
        return scopes;
    }

    /// <summary>What a token allows, or null for one that is not ours, or no longer good.</summary>
    private HashSet<(string Repository, string Action)>? Granted(string token)
    {
        if (token.Split('.') is not [var header, var claims, var signature])
            return null;
        using var key = Authority.GetECDsaPublicKey()!;
        if (!key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Decode(signature), HashAlgorithmName.SHA256))
            return null;
        var json = JsonNode.Parse(Decode(claims))!;
        return json["exp"]!.GetValue<long>() <= DateTimeOffset.UtcNow.ToUnixTimeSeconds() ? null :
        [
            .. json["access"]!.AsArray().SelectMany(a => a!["actions"]!.AsArray()
                .Select(action => (a["name"]!.GetValue<string>(), action!.GetValue<string>()))),
        ];
    }

    private string Sign(IReadOnlyList<string> scopes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "ES256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(Authority.RawData)),
        };
        var access = scopes.Select(x => x.Split(':')).Where(x => x.Length == 3).Select(JsonNode (x) => new JsonObject
        {
            ["type"] = x[0],
            ["name"] = x[1],
            ["actions"] = new JsonArray([.. x[2].Split(',').Select(action => (JsonNode)action)]),
        });
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = User,
            ["aud"] = Service,
            ["iat"] = now - 5,
            ["nbf"] = now - 5,
            ["exp"] = now + Lifetime,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["access"] = new JsonArray([.. access]),
        };
        var text = Encode(JsonSerializer.SerializeToUtf8Bytes(header)) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
        using var key = Authority.GetECDsaPrivateKey()!;
        return text + "." + Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
