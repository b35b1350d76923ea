using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Aws.Lambda;

namespace LambdaLayers.Containers.Core.Tests.Deployment;

/// <summary>Gives the same fake client for every region and profile.</summary>
internal sealed class FakeClients(ILambdaClient? lambda = null, IEcrClient? ecr = null) : IAwsClients
{
    /// <summary>The build's region; null when none is configured.</summary>
    public AwsRegion? Own { get; init; }

    public ILambdaClient Lambda(AwsRegion? region = null, string? profile = null) => lambda!;

    public IEcrClient Ecr(EcrRegistryHost host, string? profile = null) => ecr!;

    public EcrPublicClient EcrPublic(string? profile = null) => throw new NotSupportedException();

    public AwsRegion RegionFor(string? profile = null) => Own ?? throw AwsErrors.RegionMissing();

    public AwsRegion? FindRegion(string? profile = null) => Own;
}
