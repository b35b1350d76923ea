using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;

namespace LambdaLayers.Containers;

/// <summary>Finds out before anything is fetched or pushed what would stop the deployment.</summary>
public sealed class CheckLambdaDeployment : DeploymentTask
{
    /// <summary>What images will be made for; those that are no platform have an error of their own later.</summary>
    public string[] RuntimeIdentifiers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var platforms = RuntimeIdentifiers
            .Select(rid => Platform.TryFromRuntimeIdentifier(rid, out var platform) ? platform : null)
            .OfType<Platform>()
            .ToList();
        using var engine = new DeploymentEngine(ReadOptions(), new TaskEngineLog(Log));
        await engine.Functions.CheckAsync(ReadRequest(), platforms, cancellationToken);
    }
}
