using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// Asks sources in order; the first that knows the registry wins. Each registry is looked up once, and only when it
/// asks
/// for a log-in.
/// </summary>
internal sealed class CredentialChain(IReadOnlyList<ICredentialSource> sources)
{
    private readonly ConcurrentDictionary<string, Lookup> _lookups = new(StringComparer.Ordinal);

    /// <summary>Nobody knows anything: anonymous access only.</summary>
    public static CredentialChain Anonymous { get; } = new([]);

    /// <summary>Where was looked, for messages.</summary>
    public string Places => string.Join(", ", sources.Select(x => x.Name));

    /// <summary>The credential for a registry, or null.</summary>
    public async Task<Credential?> FindAsync(string registry, CancellationToken cancellationToken)
    {
        var lookup = _lookups.GetOrAdd(registry, static _ => new Lookup());
        await lookup.Gate.WaitAsync(cancellationToken);
        try
        {
            if (!lookup.Done)
            {
                lookup.Found = await LookUpAsync(registry, cancellationToken);
                lookup.Done = true;
            }

            return lookup.Found;
        }
        finally
        {
            lookup.Gate.Release();
        }
    }

    /// <summary>What <see cref="FindAsync"/> found earlier, without looking again.</summary>
    public Credential? Known(string registry) => _lookups.TryGetValue(registry, out var lookup) ? lookup.Found : null;

    private async Task<Credential?> LookUpAsync(string registry, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
            if (await source.GetAsync(registry, cancellationToken) is { } found)
                return found;
        return null;
    }

    private sealed class Lookup
    {
        // A helper may ask a person or a network: two repositories of one registry must not start it at once.
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public bool Done { get; set; }

        public Credential? Found { get; set; }
    }
}
