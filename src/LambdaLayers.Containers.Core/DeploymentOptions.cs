using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core;

/// <summary>What a build may set of pushing and deploying.</summary>
/// <param name="Environment">Reads an environment variable; null when it is not set.</param>
internal sealed record DeploymentOptions(Func<string, string?> Environment)
{
    /// <summary><c>AwsRegion</c>.</summary>
    public AwsRegion? Region { get; init; }

    /// <summary><c>AwsProfile</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>From the properties AwsRegion and AwsProfile; empty means not set.</summary>
    public static DeploymentOptions Read(string region, string profile, Func<string, string?> environment) => new(environment)
    {
        Region = region.Length == 0 ? null : AwsRegion.Parse(region, "AwsRegion"),
        Profile = profile.Length == 0 ? null : profile,
    };
}
