using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>How AWS is called in this build, apart from what the AWS SDK reads from the environment itself.</summary>
/// <param name="Environment">Reads an environment variable; null when it is not set.</param>
internal sealed record AwsOptions(Func<string, string?> Environment)
{
    /// <summary><c>AwsProfile</c>: a named profile instead of the default credential chain.</summary>
    public string? Profile { get; init; }

    /// <summary><c>AwsRegion</c>: for everything that does not name its region.</summary>
    public AwsRegion? Region { get; init; }
}

/// <summary>Makes and keeps one client for each service, region and profile of a build; asking twice gives the same.</summary>
/// <remarks>
/// In all methods the profile null is <c>AwsProfile</c> or the default credential chain. Most builds never call AWS: its
/// assemblies are loaded with the first call, so what names their types is in <see cref="Session"/>.
/// </remarks>
internal sealed class AwsClients(AwsOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private Session? _session;

    /// <param name="region">Null for the build's own region; an error when none is configured.</param>
    /// <param name="profile">A named profile.</param>
    public LambdaClient Lambda(AwsRegion? region = null, string? profile = null) =>
        Used().Get(AwsService.Lambda, region ?? RegionFor(profile), profile, null, config => new LambdaClient(config));

    /// <summary>The API of this registry, over FIPS or dual-stack endpoints if its host is such a one.</summary>
    public EcrClient Ecr(EcrRegistryHost host, string? profile = null) =>
        Used().Get(AwsService.Ecr, host.Region, profile, host, config => new EcrClient(config));

    public EcrPublicClient EcrPublic(string? profile = null) =>
        // The gallery's API is there and nowhere else.
        Used().Get(AwsService.EcrPublic, AwsRegion.Parse("us-east-1"), profile, null, config => new EcrPublicClient(config));

    /// <summary>The build's own region; an error when none is configured.</summary>
    public AwsRegion RegionFor(string? profile = null) =>
        FindRegion(profile) ?? throw AwsErrors.RegionMissing();

    /// <summary>The build's own region: AwsRegion, the environment, the profile; null when none is configured.</summary>
    public AwsRegion? FindRegion(string? profile = null) => OwnRegion(profile ?? options.Profile);

    /// <summary>Secrets of this machine's AWS credentials: those that were used, and those that the shared files hold.</summary>
    public async Task<IReadOnlyList<KnownSecret>> SecretsAsync() =>
    [
        .. _session is { } session ? await session.SecretsAsync() : [],
        // On Windows the SDK has a store of its own too.
        .. OperatingSystem.IsWindows() || SharedFiles().Any(File.Exists) ? AwsProfiles.Secrets() : [],
    ];

    public void Dispose()
    {
        if (_session is { } session)
            session.Dispose();
    }

    // https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
    private IEnumerable<string> SharedFiles()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var (variable, name) in (IEnumerable<(string, string)>)
            [("AWS_SHARED_CREDENTIALS_FILE", "credentials"), ("AWS_CONFIG_FILE", "config")])
        {
            yield return Path.Combine(home, ".aws", name);
            if (options.Environment(variable) is { Length: > 0 } file)
                yield return file;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Session Used()
    {
        lock (_lock)
            return _session ??= new Session(options, OwnRegion);
    }

    private AwsRegion? OwnRegion(string? profile)
    {
        if (options.Region is not null)
            return options.Region;
        foreach (var name in (ReadOnlySpan<string>)["AWS_REGION", "AWS_DEFAULT_REGION"])
        {
            if (options.Environment(name) is not { Length: > 0 } value)
                continue;
            return AwsRegion.Parse(value, name);
        }

        return AwsProfiles.RegionOf(profile);
    }

    /// <summary>What there is once AWS has been called.</summary>
    private sealed class Session : IDisposable
    {
        private readonly AwsOptions _options;
        private readonly AwsCredentialResolver _credentials;
        private readonly ConcurrentDictionary<Key, Lazy<ServiceClient>> _clients = new();

        public Session(AwsOptions options, Func<string?, AwsRegion?> ownRegion)
        {
            AwsRuntimeDependencies.Register();
            (_options, _credentials) = (options, new AwsCredentialResolver(ownRegion));
        }

        public Task<IReadOnlyList<KnownSecret>> SecretsAsync() => _credentials.SecretsAsync();

        public void Dispose()
        {
            foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
                client.Value.Dispose();
            _credentials.Dispose();
        }

        public T Get<T>(
            AwsService service, AwsRegion region, string? profile, EcrRegistryHost? host, Func<ServiceConfig, T> create)
            where T : ServiceClient
        {
            var key = new Key(
                service, region, profile ?? _options.Profile, host is { IsFips: true }, host is { IsDualStack: true });
            return (T)_clients.GetOrAdd(key, k => new Lazy<ServiceClient>(() => create(Configure(k)))).Value;
        }

        private ServiceConfig Configure(Key key)
        {
            var config = new ServiceConfig(key.Service, key.Region, key.Profile)
            {
                IdentityResolverConfiguration = _credentials,
            };
            AwsClientSettings.Apply(config, key.Profile, _options.Environment);
            // Only ever switched on here: the environment or the profile may want them for every host.
            if (key.Fips)
                config.UseFIPSEndpoint = true;
            if (key.DualStack)
                config.UseDualstackEndpoint = true;
            config.RequireUsableEndpoint();
            return config;
        }
    }

    private sealed record Key(AwsService Service, AwsRegion Region, string? Profile, bool Fips, bool DualStack);
}
