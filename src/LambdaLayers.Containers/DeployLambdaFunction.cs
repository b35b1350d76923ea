using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Deployment.Functions;
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
        var function = Core.Deployment.Functions.FunctionName.Parse(FunctionName);
        var property = TaskProperties.Reader(Settings);
        var images = GeneratedImages.Read(Images, Registry, Repository);
        var options = ReadOptions();
        using var engine = new DeploymentEngine(options, new TaskEngineLog(Log));
        var request = new DeploymentRequest(
            function,
            engine.CheckDeployment.Region(function, Registry, options.Profile),
            SelectImage.Run(function, images, property("LambdaArchitecture")),
            ReadSettings())
        {
            Profile = options.Profile,
            DryRun = DryRun,
            PublishVersion = PropertyValues.Flag(property, "LambdaPublishVersion") ?? false,
            Alias = PropertyValues.Text(property, "LambdaAlias"),
        };
        var result = await engine.DeployFunction.RunAsync(request, cancellationToken);
        foreach (var line in DeploymentSummary.Lines(request, result))
            Log.LogMessage(MessageImportance.High, "{0}", line);
        (FunctionArn, FunctionVersion) = (result.FunctionArn, result.Version ?? "");
    }
}
