using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Identity;
using Amazon.Runtime.SharedInterfaces;
using Amazon.SecurityToken;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// The SDK's default credential chain, or one profile, with roles assumed by <see cref="RoleCredentials"/>. An instance
/// lives as long as a build, so that a reused MSBuild node sees changed variables and new sign-ins.
/// </summary>
internal sealed class AwsCredentialResolver(Func<string?, AwsRegion?> regionOfProfile)
    : IIdentityResolverConfiguration, IIdentityResolver<AWSCredentials>, IDisposable
{
    private readonly DefaultAWSCredentialsIdentityResolver _chain = new();
    private readonly ConditionalWeakTable<AWSCredentials, AWSCredentials> _roles = [];
    private readonly ConcurrentDictionary<AWSCredentials, byte> _used = new(ReferenceEqualityComparer.Instance);

    public IIdentityResolver GetIdentityResolver<T>()
        where T : BaseIdentity =>
        typeof(T) == typeof(AWSCredentials)
            ? this
            : DefaultIdentityResolverConfiguration.Instance.GetIdentityResolver<T>();

    public AWSCredentials ResolveIdentity(IClientConfig clientConfig) =>
        Used(WithOwnRoles(_chain.ResolveIdentity(clientConfig), clientConfig));

    public async Task<AWSCredentials> ResolveIdentityAsync(
        IClientConfig clientConfig, CancellationToken cancellationToken = default) =>
        Used(WithOwnRoles(await _chain.ResolveIdentityAsync(clientConfig, cancellationToken), clientConfig));

    BaseIdentity IIdentityResolver.ResolveIdentity(IClientConfig clientConfig) => ResolveIdentity(clientConfig);

    async Task<BaseIdentity> IIdentityResolver.ResolveIdentityAsync(
        IClientConfig clientConfig, CancellationToken cancellationToken) =>
        await ResolveIdentityAsync(clientConfig, cancellationToken);

    public void Dispose() => _chain.Dispose();

    /// <summary>The keys and tokens of the credentials that were used so far.</summary>
    public async Task<IReadOnlyList<KnownSecret>> SecretsAsync()
    {
        var secrets = new List<KnownSecret>();
        foreach (var credentials in _used.Keys)
        {
            // They were got for a call before; another try that fails says nothing that the call has not said.
            try
            {
                var keys = await credentials.GetCredentialsAsync();
                var isNew = credentials is AssumeRoleAWSCredentials or SSOAWSCredentials;
                secrets.Add(new KnownSecret(keys.SecretKey, "the secret key of the AWS credentials in use") { IsNew = isNew });
                if (keys.Token is { Length: > 0 } token)
                    secrets.Add(new KnownSecret(token, "the session token of the AWS credentials in use") { IsNew = isNew });
            }
            catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException)
            {
            }
        }

        return secrets;
    }

    // One object for each role for as long as the SDK keeps its own, so that STS is asked once.
    private AWSCredentials WithOwnRoles(AWSCredentials credentials, IClientConfig config) =>
        credentials is AssumeRoleAWSCredentials role and not RoleCredentials
            ? _roles.GetValue(role, _ => Replace(role, config))
            : credentials;

    private AWSCredentials Used(AWSCredentials credentials)
    {
        if (credentials is not AnonymousAWSCredentials)
            _used.TryAdd(credentials, 0);
        return credentials;
    }

    private RoleCredentials Replace(AssumeRoleAWSCredentials role, IClientConfig config)
    {
        var source = WithOwnRoles(role.SourceCredentials, config);
        return new RoleCredentials(role, source, StsRegion(role, config), config.Profile);
    }

    // The caller's own region knows the caller's roles; a layer's region may be one that is not enabled there. But it
    // has to be in the role's partition.
    private AwsRegion StsRegion(AssumeRoleAWSCredentials role, IClientConfig config)
    {
        var own = regionOfProfile(config.Profile?.Name);
        return own is not null && role.RoleArn.StartsWith($"arn:{own.Partition.Id}:", StringComparison.Ordinal)
            ? own
            : AwsRegion.Parse(config.AuthenticationRegion);
    }
}

/// <summary>
/// A role of a profile (<c>role_arn</c> with <c>source_profile</c> or <c>credential_source</c>), assumed with the STS
/// client of this load context. The SDK's own class looks for AWSSDK.SecurityToken by name among all assemblies of the
/// process, and finds another load context's when two versions of this package, or another package with AWSSDK, are in
/// one MSBuild node. The SDK's registry of such dependencies does not pass the source credentials on.
/// </summary>
internal sealed class RoleCredentials(
    AssumeRoleAWSCredentials role, AWSCredentials source, AwsRegion region, Profile? profile)
    : AssumeRoleAWSCredentials(source, role.RoleArn, role.RoleSessionName, role.Options)
{
    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region.Name),
            AuthenticationRegion = region.Name,
            Profile = profile,
        };
        using var client = new AmazonSecurityTokenServiceClient(SourceCredentials, config);
        ICoreAmazonSTS sts = client;
        var credentials = await sts.CredentialsFromAssumeRoleAuthenticationAsync(RoleArn, RoleSessionName, Options);
        return new CredentialsRefreshState(credentials, credentials.Expiration);
    }
}
