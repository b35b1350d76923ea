using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Changes a function's settings; what is null stays.</summary>
internal sealed record UpdateFunctionConfigurationRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    public string? RevisionId { get; init; }

    public string? Role { get; init; }

    public string? Description { get; init; }

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }

    /// <summary>Megabytes.</summary>
    public int? MemorySize { get; init; }

    public Environment? Environment { get; init; }

    public ImageConfig? ImageConfig { get; init; }

    public VpcConfig? VpcConfig { get; init; }

    public EphemeralStorage? EphemeralStorage { get; init; }

    public TracingConfig? TracingConfig { get; init; }

    public LoggingConfig? LoggingConfig { get; init; }

    public string? KMSKeyArn { get; init; }
}
