using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>
/// A real registry that behaves as ECR's: only tokens of the fake ECR, only repositories that were created, immutable tags.
/// </summary>
public sealed class EcrRegistry : IAsyncDisposable
{
    private readonly FakeEcr _ecr;
    private readonly string _region;
    private readonly PlainRegistry _registry;
    private readonly HttpClient _client;

    private EcrRegistry(FakeEcr ecr, string region, PlainRegistry registry)
    {
        _ecr = ecr;
        _region = region;
        _registry = registry;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = registry.Uncounted };
        registry.Proxy.Intercept = InterceptAsync;
    }

    /// <summary>"localhost:PORT"</summary>
    public string Host => _registry.Host;

    /// <summary>Request counters; see there.</summary>
    public PlainRegistry Inner => _registry;

    /// <summary>Sees each request before every rule; true means that it was answered here. For cuts and outages.</summary>
    public Func<HttpContext, Task<bool>>? Fault { get; set; }

    /// <summary>Starts the registry and tells the fake about it: repository URIs name it, functions may run its images.</summary>
    public static async Task<EcrRegistry> StartAsync(FakeAws aws, string region = "us-east-1")
    {
        var registry = new EcrRegistry(aws.Ecr, region, await PlainRegistry.StartAsync());
        aws.Ecr.Registry = registry;
        aws.Functions.AcceptedRegistries.Add(registry.Host);
        aws.Functions.ResolveImage = registry.ResolveAsync;
        return registry;
    }

    /// <summary>An image by tag or digest, past all rules; null when there is none.</summary>
    public async Task<ImageLookup?> FindAsync(string repository, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{repository}/manifests/{reference}");
        ImageFamily[] families = [ImageFamily.Docker, ImageFamily.Oci];
        foreach (var family in families)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypes.Manifest(family)));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypes.Index(family)));
        }

        using var response = await _client.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        var manifest = await response.Content.ReadAsByteArrayAsync();
        return new ImageLookup(
            SyntheticLayer.Sha256(manifest), response.Content.Headers.ContentType!.MediaType!, Encoding.UTF8.GetString(manifest));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    private Task<ImageLookup?> ResolveAsync(string uri)
    {
        var path = uri[(uri.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var at = path.IndexOfAny(['@', ':']);
        return at < 0 ? FindAsync(path, "latest") : FindAsync(path[..at], path[(at + 1)..]);
    }

    private async Task<bool> InterceptAsync(HttpContext context)
    {
        if (context.Request.Host.Value != Host)
        {
            // Under the name of a real registry (see EcrHosts) clients come over TLS; upload addresses must say so.
            context.Request.Headers["X-Forwarded-Proto"] = "https";
        }

        if (Fault is not null && await Fault(context))
        {
            return true;
        }

        if (!await AuthenticateAsync(context))
        {
            return true;
        }

        var seen = new ProxiedRequest(context.Request.Method, context.Request.Path.Value!, "", 0, 0, 0);
        if (seen.Repository is not { } name)
        {
            return false;
        }

        if (_ecr.Find(name, _region) is not { } repository)
        {
            await Refuse(
                context, 404, "NAME_UNKNOWN",
                $"The repository with name '{name}' does not exist in the registry with id '{FakeAws.AccountId}'");
            return true;
        }

        return repository.IsImmutable && await RefuseMovedTagAsync(context, name);
    }

    private async Task<bool> AuthenticateAsync(HttpContext context)
    {
        var expired = false;
        var password = Password(context.Request.Headers.Authorization.ToString());
        if (password is not null && _ecr.IsValidPassword(password, out expired))
        {
            return true;
        }

        if (expired)
        {
            await Refuse(context, 403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
            return false;
        }

        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"http://{Host}/\",service=\"ecr.amazonaws.com\"";
        await Refuse(context, 401, "UNAUTHORIZED", "Not Authorized");
        return false;
    }

    private async Task<bool> RefuseMovedTagAsync(HttpContext context, string name)
    {
        var reference = context.Request.Path.Value!.Split('/')[^1];
        if (context.Request.Method != "PUT" || !context.Request.Path.Value.Contains("/manifests/", StringComparison.Ordinal)
            || reference.Contains(':', StringComparison.Ordinal) || await FindAsync(name, reference) is null)
        {
            return false;
        }

        await Refuse(
            context, 400, "TAG_INVALID",
            $"The image tag '{reference}' already exists in the '{name}' repository and cannot be overwritten because the tag is immutable.");
        return true;
    }

    private static string? Password(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || header is not { Scheme: "Basic", Parameter: not null })
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter)).Split(':', 2);
        return pair is ["AWS", var password] ? password : null;
    }

    private static async Task Refuse(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""");
    }
}
