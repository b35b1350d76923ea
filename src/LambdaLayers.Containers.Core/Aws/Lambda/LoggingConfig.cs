namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Where and how a function logs.</summary>
internal sealed record LoggingConfig
{
    /// <summary>JSON or Text.</summary>
    public string? LogFormat { get; init; }

    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    public string? LogGroup { get; init; }
}
