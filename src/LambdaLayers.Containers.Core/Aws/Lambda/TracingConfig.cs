namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Whether X-Ray traces the function.</summary>
internal sealed record TracingConfig
{
    /// <summary>Active or PassThrough.</summary>
    public string? Mode { get; init; }
}
