using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Creates or updates a Lambda function from the image that a publish has pushed.</summary>
public sealed class DeployLambdaFunction : DeploymentTask
{
    /// <summary>The SDK's <c>GeneratedContainer</c> items: one for each architecture.</summary>
    public ITaskItem[] Images { get; set; } = [];

    /// <summary><c>ContainerRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary><c>LambdaDeployDryRun</c>: say what would change, change nothing.</summary>
    public bool DryRun { get; set; }

    /// <summary>ARN of the function; empty in a dry run for a function that does not exist.</summary>
    [Output]
    public string FunctionArn { get; set; } = "";

    /// <summary>The published version; empty when none was asked for.</summary>
    [Output]
    public string FunctionVersion { get; set; } = "";

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var images = GeneratedImages.Read(Images, Registry, Repository);
        using var engine = new DeploymentEngine(ReadOptions(), new TaskEngineLog(Log));
        var request = ReadRequest() with { DryRun = DryRun };
        var result = await engine.Functions.DeployAsync(request, images, cancellationToken);
        foreach (var line in DeploymentSummary.Lines(request, result))
            Log.LogMessage(MessageImportance.High, "{0}", line);
        (FunctionArn, FunctionVersion) = (result.FunctionArn, result.Version ?? "");
    }
}
