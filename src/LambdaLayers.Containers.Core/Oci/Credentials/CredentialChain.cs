using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// Asks sources in order; the first that knows the registry wins. Each registry is looked up once for each purpose, and
/// only when it asks for a log-in.
/// </summary>
internal sealed class CredentialChain(IReadOnlyList<ICredentialSource> sources)
{
    private readonly ConcurrentDictionary<CredentialScope, Lookup> _lookups = new();

    /// <summary>Nobody knows anything: anonymous access only.</summary>
    public static CredentialChain Anonymous { get; } = new([]);

    /// <summary>Where was looked, for messages.</summary>
    public string Places => string.Join(", ", sources.Select(x => x.Name));

    /// <summary>The credential for a registry and purpose, or null.</summary>
    public async Task<Credential?> FindAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        var lookup = _lookups.GetOrAdd(scope, static _ => new Lookup());
        await lookup.Gate.WaitAsync(cancellationToken);
        try
        {
            if (!lookup.Done)
            {
                lookup.Found = await LookUpAsync(scope, cancellationToken);
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
    public Credential? Known(CredentialScope scope) => _lookups.TryGetValue(scope, out var lookup) ? lookup.Found : null;

    /// <summary>The secrets of everything that was found so far.</summary>
    public IReadOnlyList<KnownSecret> Secrets =>
    [
        .. _lookups.Values.Select(lookup => lookup.Found).OfType<Credential>().SelectMany(found => found.Secrets.Select(
            secret => new KnownSecret(secret, $"the log-in to {found.Scope.Registry} of {found.SourceName}") { IsNew = found.IsNew })),
    ];

    private async Task<Credential?> LookUpAsync(CredentialScope scope, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.GetAsync(scope, cancellationToken) is not { } found)
                continue;
            return found.Scope == scope
                ? found
                : throw new InvalidOperationException($"{source.Name} gave a credential for something else.");
        }

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

/// <summary>A place where credentials for registries may be.</summary>
internal interface ICredentialSource
{
    /// <summary>
    /// Where it looks, in words for the message that nothing was found: <c>the docker configuration '…'</c>.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// A credential made for exactly this registry and purpose, or null.
    /// </summary>
    Task<Credential?> GetAsync(CredentialScope scope, CancellationToken cancellationToken);
}
