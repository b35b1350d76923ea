using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.SharedInterfaces;
using Amazon.SecurityToken;

namespace LambdaLayers.Containers.Core.Aws;

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
