using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// A token service that docker-registry trusts (https://distribution.github.io/distribution/spec/auth/jwt/): RS256
/// tokens
/// with the authority's certificate as x5c. One user; everything else is refused.
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Service = "test-registry";
    public const string Issuer = "test-issuer";
    public const string User = "reader";
    public const string IdentityToken = "an-identity-token-of-the-test";

    private readonly X509Certificate2 _authority;
    private readonly string _password;

    private TokenServer(X509Certificate2 authority, string password) => (_authority, _password) = (authority, password);

    public FakeServer Server { get; private set; } = null!;

    /// <summary>Seconds that a token lives.</summary>
    public int Lifetime { get; set; } = 300;

    public static async Task<TokenServer> StartAsync(
        X509Certificate2 authority, string password, X509Certificate2? certificate = null)
    {
        var service = new TokenServer(authority, password);
        service.Server = await FakeServer.StartAsync(service.AnswerAsync, certificate);
        return service;
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
            return FakeRegistry.ErrorAsync(context, 401, "UNAUTHORIZED", "wrong user or password");

        var scopes = request.Method == "POST" ? form["scope"].Split(' ') : [.. request.Query["scope"].OfType<string>()];
        context.Response.ContentType = "application/json";
        var name = request.Method == "POST" ? "access_token" : "token";
        return context.Response.WriteAsync(new JsonObject { [name] = Sign(scopes), ["expires_in"] = Lifetime }.ToJsonString());
    }

    private string Sign(IReadOnlyList<string> scopes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_authority.RawData)),
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
        using var key = _authority.GetRSAPrivateKey()!;
        return text + "." + Encode(key.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Encode(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
