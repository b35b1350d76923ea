using System.Net.Http.Headers;
using System.Text;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>
/// A registry that behaves as ECR's: only tokens of the fake ECR, only repositories that were created, immutable tags.
/// </summary>
public sealed class EcrRegistry : IAsyncDisposable
{
    private readonly FakeEcr _ecr;
    private readonly string _region;
    private readonly EmbeddedRegistry _registry;

    private EcrRegistry(FakeEcr ecr, string region, EmbeddedRegistry registry)
    {
        _ecr = ecr;
        _region = region;
        _registry = registry;
        registry.Interfere = InterfereAsync;
        registry.ImmutableTags = name => ecr.Find(name, region)?.IsImmutable == true;
    }

    /// <summary>"localhost:PORT"</summary>
    public string Host => _registry.Host;

    /// <summary>Requests and what it holds; see there.</summary>
    public EmbeddedRegistry Inner => _registry;

    /// <summary>Sees each request before every rule; true means that it was answered here. For cuts and outages.</summary>
    public Func<HttpContext, Task<bool>>? Fault { get; set; }

    /// <summary>Starts the registry and tells the fake about it: repository URIs name it, functions may run its images.</summary>
    public static async Task<EcrRegistry> StartAsync(FakeAws aws, string region = "us-east-1", RegistryGuard? guard = null)
    {
        var registry = new EcrRegistry(aws.Ecr, region, await EmbeddedRegistry.StartAsync(guard));
        aws.Ecr.Registry = registry;
        aws.Ecr.Registries.Add(registry);
        aws.Functions.AcceptedRegistries.Add(registry.Host);
        aws.Functions.ResolveImage = registry.Resolve;
        return registry;
    }

    /// <summary>An image by tag or digest, past all rules; null when there is none.</summary>
    public ImageLookup? Find(string repository, string reference) =>
        _registry.Storage.FindManifest(repository, reference) is { } manifest
            ? new ImageLookup(manifest.Digest, manifest.MediaType, Encoding.UTF8.GetString(manifest.Bytes))
            : null;

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    private ImageLookup? Resolve(string uri)
    {
        var path = uri[(uri.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var at = path.IndexOfAny(['@', ':']);
        return at < 0 ? Find(path, "latest") : Find(path[..at], path[(at + 1)..]);
    }

    private async Task<bool> InterfereAsync(HttpContext context)
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

        var name = RegistryRequest.RepositoryOf(context.Request.Path.Value!);
        if (name is null || _ecr.Find(name, _region) is not null)
        {
            return false;
        }

        await EmbeddedRegistry.ErrorAsync(
            context, 404, "NAME_UNKNOWN",
            $"The repository with name '{name}' does not exist in the registry with id '{FakeAws.AccountId}'");
        return true;
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
            await EmbeddedRegistry.ErrorAsync(context, 403, "DENIED",
                "Your authorization token has expired. Reauthenticate and try again.");
            return false;
        }

        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"http://{Host}/\",service=\"ecr.amazonaws.com\"";
        await EmbeddedRegistry.ErrorAsync(context, 401, "UNAUTHORIZED", "Not Authorized");
        return false;
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
}
