namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Creates a function from an image.</summary>
internal sealed record CreateFunctionRequest
{
    public required string FunctionName { get; init; }

    public required FunctionCode Code { get; init; }

    /// <summary><c>Image</c>.</summary>
    public string? PackageType { get; init; }

    /// <summary>Exactly one: <c>x86_64</c> or <c>arm64</c>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    public bool? Publish { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

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
