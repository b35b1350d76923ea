using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// Asks sources in order; the first that knows the registry wins. Each registry is looked up once, and only when it asks
/// for a log-in: a public image never starts a credential helper in vain twice.
/// </summary>
internal sealed class CredentialChain(IReadOnlyList<ICredentialSource> sources)
{
    private readonly ConcurrentDictionary<string, Credential?> _known = new(StringComparer.Ordinal);

    /// <summary>Nobody knows anything: anonymous access only.</summary>
    public static CredentialChain Anonymous { get; } = new([]);

    /// <summary>Where was looked, for messages.</summary>
    public string Places => string.Join(", ", sources.Select(x => x.Name));

    /// <summary>The credential for a registry, or null.</summary>
    public async Task<Credential?> FindAsync(string registry, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(registry, out var known))
            return known;
        Credential? found = null;
        foreach (var source in sources)
        {
            found = await source.GetAsync(registry, cancellationToken);
            if (found is not null)
                break;
        }

        return _known[registry] = found;
    }

    /// <summary>What FindAsync found earlier, without looking again.</summary>
    public Credential? Known(string registry) => _known.GetValueOrDefault(registry);

    /// <summary>Drops what is known, so that a source can give a fresh one.</summary>
    public void Forget(string registry) => _known.TryRemove(registry, out _);
}
