using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment.Functions;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>What the tasks of a deployment have in common: the function and what it is to be.</summary>
public abstract class DeploymentTask : LayersTask
{
    /// <summary><c>LambdaFunctionName</c>.</summary>
    [Required]
    public string FunctionName { get; set; } = "";

    /// <summary><c>ContainerRegistry</c>.</summary>
    public string Registry { get; set; } = "";

    /// <summary><c>AwsRegion</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary><c>AwsProfile</c>.</summary>
    public string Profile { get; set; } = "";

    /// <summary>The <c>Lambda…</c> properties, as items of their names with metadata Value.</summary>
    public ITaskItem[] Settings { get; set; } = [];

    /// <summary><c>LambdaEnvironmentVariable</c> items with metadata Value.</summary>
    public ITaskItem[] Variables { get; set; } = [];

    private protected DeploymentOptions ReadOptions() =>
        DeploymentOptions.Read(Region, Profile, Environment.GetEnvironmentVariable);

    private protected DeploymentRequest ReadRequest() => DeploymentRequest.Parse(
        FunctionName,
        Registry,
        TaskProperties.Reader(Settings),
        [.. Variables.Select(x => KeyValuePair.Create(x.ItemSpec, x.GetMetadata("Value")))]) with
    {
        Profile = Profile.Length == 0 ? null : Profile,
    };
}
