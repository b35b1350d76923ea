using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>Clients for the AWS services of a build; asking twice gives the same client.</summary>
internal interface IAwsClients
{
    /// <param name="region">Null for the build's own region; an error when none is configured.</param>
    /// <param name="profile">Null for <c>AwsProfile</c> or the default credential chain.</param>
    ILambdaClient Lambda(AwsRegion? region = null, string? profile = null);

    /// <param name="region">Null for the build's own region; an error when none is configured.</param>
    /// <param name="profile">Null for <c>AwsProfile</c> or the default credential chain.</param>
    IEcrClient Ecr(AwsRegion? region = null, string? profile = null);

    /// <summary>The API of this registry, over FIPS or dual-stack endpoints if its host is such a one.</summary>
    IEcrClient Ecr(EcrRegistryHost host, string? profile = null);

    IEcrPublicClient EcrPublic(string? profile = null);

    /// <summary>The build's own region: AwsRegion, the environment, the profile; an error when none is configured.</summary>
    AwsRegion RegionFor(string? profile = null);
}
