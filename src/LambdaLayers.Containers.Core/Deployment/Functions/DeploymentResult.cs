namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>What a deployment has done.</summary>
/// <param name="FunctionArn">Empty in a dry run for a function that does not exist.</param>
/// <param name="Changes">What was changed, or would be in a dry run; empty when all was as wanted.</param>
internal sealed record DeploymentResult(string FunctionArn, IReadOnlyList<FunctionChange> Changes)
{
    /// <summary>The published version; null when none was asked for.</summary>
    public string? Version { get; init; }
}
