using System.Collections.Concurrent;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>Makes and keeps one client for each service, region and profile of a build.</summary>
internal sealed class AwsClients : IAwsClients, IDisposable
{
    private readonly AwsOptions _options;
    private readonly AwsCredentialResolver _credentials;
    private readonly ConcurrentDictionary<Key, Lazy<ServiceClient>> _clients = new();

    public AwsClients(AwsOptions options)
    {
        AwsRuntimeDependencies.Register();
        _options = options;
        _credentials = new AwsCredentialResolver(OwnRegion);
    }

    public ILambdaClient Lambda(AwsRegion? region = null, string? profile = null) =>
        Get(AwsService.Lambda, region ?? RegionFor(profile), profile, null, config => new LambdaClient(config));

    public IEcrClient Ecr(AwsRegion? region = null, string? profile = null) =>
        Get(AwsService.Ecr, region ?? RegionFor(profile), profile, null, config => new EcrClient(config));

    public IEcrClient Ecr(EcrRegistryHost host, string? profile = null) =>
        Get(AwsService.Ecr, host.Region, profile, host, config => new EcrClient(config));

    public IEcrPublicClient EcrPublic(string? profile = null) =>
        // The gallery's API is there and nowhere else.
        Get(AwsService.EcrPublic, AwsRegion.Parse("us-east-1"), profile, null, config => new EcrPublicClient(config));

    public AwsRegion RegionFor(string? profile = null) =>
        OwnRegion(profile ?? _options.Profile) ?? throw RemoteErrors.AwsRegionMissing();

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
            client.Value.Dispose();
        _credentials.Dispose();
    }

    private AwsRegion? OwnRegion(string? profile)
    {
        if (_options.Region is not null)
            return _options.Region;
        foreach (var name in (ReadOnlySpan<string>)["AWS_REGION", "AWS_DEFAULT_REGION"])
        {
            if (_options.Environment(name) is not { Length: > 0 } value)
                continue;
            return AwsRegion.TryParse(value, out var region) ? region : throw RemoteErrors.AwsRegionInvalid(name, value);
        }

        return AwsProfiles.RegionOf(profile);
    }

    private T Get<T>(
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
        if (_options.Endpoints.TryGetValue(key.Service.Id, out var endpoint))
            config.ServiceURL = endpoint.AbsoluteUri;
        // Only ever switched on here: the environment or the profile may want them for every host.
        if (key.Fips)
            config.UseFIPSEndpoint = true;
        if (key.DualStack)
            config.UseDualstackEndpoint = true;
        config.RequireUsableEndpoint();
        return config;
    }

    private sealed record Key(AwsService Service, AwsRegion Region, string? Profile, bool Fips, bool DualStack);
}
