using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Logging;

namespace LambdaLayers.Containers;

/// <summary>Finds out before anything is pushed what would stop the deployment.</summary>
public sealed class CheckLambdaDeployment : DeploymentTask
{
    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var function = Core.Deployment.Functions.FunctionName.Parse(FunctionName);
        var settings = ReadSettings();
        var options = ReadOptions();
        using var engine = new DeploymentEngine(options, new TaskEngineLog(Log));
        var region = engine.CheckDeployment.Region(function, Registry, options.Profile);
        await engine.CheckDeployment.FunctionAsync(function, region, settings, options.Profile, cancellationToken);
    }
}
