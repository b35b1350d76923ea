using System.Collections.Concurrent;
using System.Net;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Where a registry of a reference is on the network.</summary>
/// <param name="Registry">As in references: <c>docker.io</c>, <c>localhost:5000</c>. Credentials belong to this
/// name.</param>
/// <param name="Origin">Scheme, host and port.</param>
internal sealed record RegistryEndpoint(string Registry, HttpOrigin Origin)
{
    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>
    /// The places to try, the preferred first. Loopback is plain HTTP by custom; what the user listed as insecure gets
    /// HTTPS first, as in the SDK; everything else is HTTPS only.
    /// </summary>
    public static IReadOnlyList<RegistryEndpoint> Candidates(string registry, InsecureRegistries insecure)
    {
        var host = registry == ImageReference.DockerHub ? DockerHubHost : registry;
        var secure = new HttpOrigin(new Uri($"https://{host}/"), PlainStorage: true);
        if (!secure.IsLoopback && !insecure.Contains(registry))
            return [new(registry, secure)];

        secure = secure with { Verified = false };
        var plain = secure with { Root = new Uri($"http://{host}/") };
        return secure.IsLoopback
            ? [new(registry, plain), new(registry, secure)]
            : [new(registry, secure), new(registry, plain)];
    }
}

/// <summary>The registries of DOTNET_CONTAINER_INSECURE_REGISTRIES, the SDK's own switch.</summary>
internal sealed class InsecureRegistries
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "DOTNET_CONTAINER_INSECURE_REGISTRIES";

    private static readonly char[] Separators = [';', ','];
    private readonly HashSet<string> _names;

    private InsecureRegistries(IEnumerable<string> names) =>
        _names = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Only loopback.</summary>
    public static InsecureRegistries None { get; } = new([]);

    /// <summary>
    /// Reads the variable: whole names with their ports, between semicolons (the SDK's code) or commas (its
    /// documentation).
    /// </summary>
    public static InsecureRegistries From(Func<string, string?> environment) =>
        new((environment(Variable) ?? "").Split(
            Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Whether the user named this registry.</summary>
    public bool Contains(string registry) => _names.Contains(registry);
}

/// <summary>The response to a registry's first request, and where it came from.</summary>
internal sealed record FirstAnswer(RegistryEndpoint Endpoint, HttpResponseMessage Response);

/// <summary>
/// Finds out whether a registry that may speak either speaks HTTP or HTTPS, once, with a request that carries nothing.
/// What must speak verified HTTPS is never probed.
/// </summary>
internal sealed class SchemeProbe(HttpTransport transport, InsecureRegistries insecure)
{
    private readonly ConcurrentDictionary<string, RegistryEndpoint> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// The endpoint to use; the preferred one when none answers, so that its own failure is reported.
    /// </summary>
    public async Task<RegistryEndpoint> FindAsync(string registry, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(registry, out var known))
            return known;
        var candidates = RegistryEndpoint.Candidates(registry, insecure);
        if (candidates.Count == 1)
            return _known[registry] = candidates[0];
        foreach (var candidate in candidates)
            if (await AnswersAsync(candidate.Origin, cancellationToken))
                return _known[registry] = candidate;
        return candidates[0];
    }

    /// <summary>
    /// Sends a first request where the preferred endpoint would be. Null when the endpoint is known already, and when nobody who
    /// speaks this scheme has answered: then it is to be looked for.
    /// </summary>
    /// <param name="registry">As in references.</param>
    /// <param name="send">Sends the request, which must carry nothing secret.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FirstAnswer?> TryAskAsync(
        string registry, Func<RegistryEndpoint, CancellationToken, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(registry) || RegistryEndpoint.Candidates(registry, insecure) is not [var preferred, _, ..])
            return null;
        using var limit = new CancellationTokenSource(transport.Policy.ProbeTimeout, transport.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var response = await send(preferred, either.Token);
            if (IsOurs(response))
            {
                _known[registry] = preferred;
                return new FirstAnswer(preferred, response);
            }

            response.Dispose();
        }
        catch (HttpFailure failure) when (failure.Kind is HttpFailureKind.Unreachable or HttpFailureKind.Untrusted
            or HttpFailureKind.Cut or HttpFailureKind.NotHttp)
        {
            // Nobody there, or one who speaks the other scheme.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Some servers wait for a TLS greeting and say nothing.
        }

        return null;
    }

    // What HTTPS servers in Go and nginx answer to plain HTTP.
    private static bool IsOurs(HttpResponseMessage response) => response.StatusCode != HttpStatusCode.BadRequest;

    private async Task<bool> AnswersAsync(HttpOrigin candidate, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(transport.Policy.ProbeTimeout, transport.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var call = new HttpCall(HttpMethod.Get, new Uri(candidate.Root, "v2/"), candidate) { FollowsRedirects = false };
        try
        {
            using var response = await transport.SendAsync(call, either.Token);
            return IsOurs(response);
        }
        catch (HttpFailure)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
