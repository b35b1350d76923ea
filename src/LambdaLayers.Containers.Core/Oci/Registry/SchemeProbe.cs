using System.Collections.Concurrent;
using System.Net;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Finds out whether a registry that may speak either speaks HTTP or HTTPS, once, with a request that carries nothing.
/// What
/// must speak verified HTTPS is never probed.
/// </summary>
internal sealed class SchemeProbe(RegistryHttp http, RegistryOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RegistryEndpoint> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// The endpoint to use; the preferred one when none answers, so that its own failure is reported.
    /// </summary>
    public async Task<RegistryEndpoint> FindAsync(string registry, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(registry, out var known))
            return known;
        var candidates = RegistryEndpoint.Candidates(registry, options.Insecure);
        if (candidates.Count == 1)
            return _known[registry] = candidates[0];
        foreach (var candidate in candidates)
            if (await AnswersAsync(candidate, cancellationToken))
                return _known[registry] = candidate;
        return candidates[0];
    }

    private async Task<bool> AnswersAsync(RegistryEndpoint candidate, CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(options.ProbeTimeout, time, cancellationToken);
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(candidate.Root, "v2/"));
        try
        {
            watch.Restart();
            using var response = await http.SendAsync(message, candidate.Verified, watch.Token);
            // What HTTPS servers in Go and nginx answer to plain HTTP.
            return response.StatusCode != HttpStatusCode.BadRequest;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
