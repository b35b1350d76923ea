using LambdaLayers.Containers.Core.Aws;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>One function to bring into a wanted state.</summary>
/// <param name="Region">The function's.</param>
internal sealed record DeploymentRequest(FunctionName Function, AwsRegion Region, PublishedImage Image, FunctionSettings Settings)
{
    /// <summary><c>AwsProfile</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Only say what would change.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether to freeze the result as a version.</summary>
    public bool PublishVersion { get; init; }

    /// <summary>An alias to point at that version; null for none.</summary>
    public string? Alias { get; init; }
}
