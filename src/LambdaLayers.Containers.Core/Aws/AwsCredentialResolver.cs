using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Identity;

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

    public IIdentityResolver GetIdentityResolver<T>()
        where T : BaseIdentity =>
        typeof(T) == typeof(AWSCredentials)
            ? this
            : DefaultIdentityResolverConfiguration.Instance.GetIdentityResolver<T>();

    public AWSCredentials ResolveIdentity(IClientConfig clientConfig) =>
        WithOwnRoles(_chain.ResolveIdentity(clientConfig), clientConfig);

    public async Task<AWSCredentials> ResolveIdentityAsync(
        IClientConfig clientConfig, CancellationToken cancellationToken = default) =>
        WithOwnRoles(await _chain.ResolveIdentityAsync(clientConfig, cancellationToken), clientConfig);

    BaseIdentity IIdentityResolver.ResolveIdentity(IClientConfig clientConfig) => ResolveIdentity(clientConfig);

    async Task<BaseIdentity> IIdentityResolver.ResolveIdentityAsync(
        IClientConfig clientConfig, CancellationToken cancellationToken) =>
        await ResolveIdentityAsync(clientConfig, cancellationToken);

    public void Dispose() => _chain.Dispose();

    // One object for each role for as long as the SDK keeps its own, so that STS is asked once.
    private AWSCredentials WithOwnRoles(AWSCredentials credentials, IClientConfig config) =>
        credentials is AssumeRoleAWSCredentials role and not RoleCredentials
            ? _roles.GetValue(role, _ => Replace(role, config))
            : credentials;

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
