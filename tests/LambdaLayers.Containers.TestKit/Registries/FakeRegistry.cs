using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using LambdaLayers.Containers.Core.Content;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// An in-memory registry that serves what it is given, and misbehaves on demand: <see cref="Interfere"/> sees every
/// request first and may answer it.
/// </summary>
public sealed class FakeRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (string MediaType, byte[] Bytes)> _manifests = new();
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private FakeServer _server = null!;

    private FakeRegistry()
    {
    }

    /// <summary>Answers a request in its own way and returns true, or returns false to let it pass.</summary>
    public Func<HttpContext, Task<bool>> Interfere { get; set; } = _ => Task.FromResult(false);

    /// <summary>The realm that a Bearer challenge names, or null to let everybody in.</summary>
    public string? Challenge { get; set; }

    /// <summary>The one Authorization header that is let in when there is a challenge.</summary>
    public string Accepted { get; set; } = "";

    public FakeServer Server => _server;

    public string Host => _server.Host;

    public static async Task<FakeRegistry> StartAsync(X509Certificate2? certificate = null)
    {
        var registry = new FakeRegistry();
        registry._server = await FakeServer.StartAsync(registry.AnswerAsync, certificate);
        return registry;
    }

    /// <summary>Stores a blob; its digest.</summary>
    internal Digest AddBlob(byte[] bytes)
    {
        var digest = Digest.Of(bytes);
        _blobs[digest.ToString()] = bytes;
        return digest;
    }

    /// <summary>Stores bytes under a digest that they need not have.</summary>
    public void AddLie(string digest, byte[] bytes) => _blobs[digest] = bytes;

    /// <summary>Stores a manifest under a tag and under its digest.</summary>
    internal Digest AddManifest(string repository, string tag, string mediaType, byte[] bytes)
    {
        var digest = Digest.Of(bytes);
        _manifests[$"{repository}/{tag}"] = (mediaType, bytes);
        _manifests[$"{repository}/{digest}"] = (mediaType, bytes);
        return digest;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (await Interfere(context))
            return;
        if (Challenge is not null && context.Request.Headers.Authorization != Accepted)
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
            await ErrorAsync(context, 401, "UNAUTHORIZED", "authentication required");
            return;
        }

        var path = context.Request.Path.Value!;
        if (path == "/v2/")
            await context.Response.WriteAsync("{}");
        else if (Cut(path, "/manifests/") is var (repository, name)
            && _manifests.TryGetValue($"{repository}/{name}", out var manifest))
            await ManifestAsync(context, manifest.MediaType, manifest.Bytes);
        else if (Cut(path, "/blobs/") is var (_, digest) && _blobs.TryGetValue(digest, out var blob))
            await BlobAsync(context, blob);
        else
            await ErrorAsync(context, 404, Cut(path, "/manifests/") is null ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN", "unknown");
    }

    /// <summary>A refusal in the registry's own format.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""");
    }

    private static async Task ManifestAsync(HttpContext context, string mediaType, byte[] bytes)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = Digest.Of(bytes).ToString();
        if (context.Request.Method == "GET")
            await context.Response.Body.WriteAsync(bytes);
    }

    private static async Task BlobAsync(HttpContext context, byte[] blob)
    {
        var from = context.Request.Headers.Range.ToString() is { Length: > 6 } range
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{blob.Length - 1}/{blob.Length}";
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = blob.Length - from;
        if (context.Request.Method == "GET")
            await context.Response.Body.WriteAsync(blob.AsMemory(from));
    }

    private static (string Repository, string Name)? Cut(string path, string kind)
    {
        var at = path.LastIndexOf(kind, StringComparison.Ordinal);
        return at > "/v2/".Length ? (path["/v2/".Length..at], path[(at + kind.Length)..]) : null;
    }
}
