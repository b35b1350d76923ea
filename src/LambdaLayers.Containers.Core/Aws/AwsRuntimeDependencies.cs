using Amazon;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>
/// Gives AWSSDK.Core the clients that its credential providers use. By itself it looks them up by assembly name in the
/// whole process, and fails when another load context holds assemblies of these names too.
/// </summary>
internal static class AwsRuntimeDependencies
{
    /// <summary>Registers them with the AWSSDK.Core of this load context; doing it again changes nothing.</summary>
    public static void Register()
    {
        // Web identities use it; a reused MSBuild node would keep the region of its first build.
        FallbackRegionFactory.Reset();
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSSOClient(context =>
        {
            var data = context.SSOClientContextData;
            return new AmazonSSOClient(
                new AnonymousAWSCredentials(), Configure(new AmazonSSOConfig(), data.Region, data.ProxySettings));
        });
        registry.RegisterSSOOIDCClient(context =>
        {
            var data = context.SSOOIDCClientContextData;
            return new AmazonSSOOIDCClient(
                new AnonymousAWSCredentials(), Configure(new AmazonSSOOIDCConfig(), data.Region, data.ProxySettings));
        });
        // For web identities, which need no credentials. Roles with a source go through RoleCredentials.
        registry.RegisterSecurityTokenServiceClient(context =>
        {
            var data = context.SecurityTokenServiceClientContextData;
            return new AmazonSecurityTokenServiceClient(
                new AnonymousAWSCredentials(),
                Configure(new AmazonSecurityTokenServiceConfig(), data.Region, data.ProxySettings));
        });
    }

    private static T Configure<T>(T config, RegionEndpoint region, System.Net.IWebProxy? proxy)
        where T : ClientConfig
    {
        config.RegionEndpoint = region;
        if (proxy is not null)
            config.SetWebProxy(proxy);
        return config;
    }
}
