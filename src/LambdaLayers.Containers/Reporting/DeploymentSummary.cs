using LambdaLayers.Containers.Core.Deployment.Functions;

namespace LambdaLayers.Containers.Reporting;

/// <summary>The lines that a deployment ends with.</summary>
internal static class DeploymentSummary
{
    public static IEnumerable<string> Lines(DeploymentRequest request, DeploymentResult result)
    {
        yield return $"Lambda function {request.Function} in {result.Region}: {Outcome(request, result)}";
        foreach (var change in result.Changes)
            yield return $"  {change}";
        if (result.Version is { } version)
            yield return $"  version {version}{(request.Alias is null ? "" : $", alias {request.Alias}")}";
    }

    private static string Outcome(DeploymentRequest request, DeploymentResult result) => (request.DryRun, result.Changes.Count) switch
    {
        (_, 0) => "nothing to change",
        (true, _) => "would change (dry run)",
        (false, _) => "changed, active",
    };
}
