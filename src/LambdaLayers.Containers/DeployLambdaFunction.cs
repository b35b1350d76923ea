using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Creates or updates a Lambda function from the image that a publish has pushed.</summary>
public sealed class DeployLambdaFunction : EngineTask
{
    /// <summary>The published images (<see cref="PublishTask.Images"/>): one for each architecture.</summary>
    [Required]
    public ITaskItem[] Images { get; set; } = [];

    /// <summary><c>ContainerRegistry</c>.</summary>
    [Required]
    public string Registry { get; set; } = "";

    /// <summary><c>ContainerRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary><c>LambdaEnvironmentVariable</c> items with metadata Value.</summary>
    public ITaskItem[] Variables { get; set; } = [];

    /// <summary>ARN of the function; empty in a dry run for a function that does not exist.</summary>
    [Output]
    public string FunctionArn { get; set; } = "";

    /// <summary>The published version; empty when none was asked for.</summary>
    [Output]
    public string FunctionVersion { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var images = Images
            .DistinctBy(x => x.GetMetadata("ManifestDigest"))
            .Select(x => PublishedImage.Parse(
                Registry, Repository, x.GetMetadata("ManifestDigest"), x.GetMetadata("Configuration")))
            .ToList();
        using var engine = new Engine(ReadOptions() with { LockFile = null }, new TaskEngineLog(this));
        var request = DeploymentRequest.Parse(Property("LambdaFunctionName"), Registry, Property, TaskItems.Pairs(Variables)) with
        {
            DryRun = PropertyValues.Flag(Property, "LambdaDeployDryRun") ?? false,
        };
        var result = await engine.DeployAsync(request, images, cancellationToken);
        foreach (var line in DeploymentSummary.Lines(request, result))
            Log.LogMessage(MessageImportance.High, "{0}", line);
        (FunctionArn, FunctionVersion) = (result.FunctionArn, result.Version ?? "");
    }
}
