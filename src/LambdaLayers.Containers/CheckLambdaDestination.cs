using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Before anything is made: what would stop the push or the deployment. A missing ECR repository is made where
/// that is asked for.
/// </summary>
public sealed class CheckLambdaDestination : EngineTask
{
    /// <summary><c>ContainerRegistry</c>.</summary>
    [Required]
    public string Registry { get; set; } = "";

    /// <summary><c>ContainerRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>Whether the image is pushed; false for a dry run.</summary>
    public bool Pushes { get; set; }

    /// <summary>Whether the function is deployed afterwards, or would be but for a dry run.</summary>
    public bool Deploys { get; set; }

    /// <summary><c>LambdaEnvironmentVariable</c> items with metadata Value.</summary>
    public ITaskItem[] Variables { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var engine = new Engine(ReadOptions() with { LockFile = null }, new TaskEngineLog(this));
        if (Deploys)
        {
            var request = DeploymentRequest.Parse(
                Property("LambdaFunctionName"), Registry, Property, TaskItems.Pairs(Variables));
            await engine.CheckDeploymentAsync(request, ReadPlatforms(), cancellationToken);
        }

        if (Pushes)
        {
            await engine.CheckRepositoryAsync(
                ImageReference.Create(Registry, Repository, tag: null, digest: null),
                RepositorySettings.Parse(Property), cancellationToken);
        }
    }
}
