using LambdaLayers.Containers.Core.Aws.Lambda.Model;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>
/// What a deployment sets of a function. Null is what the user did not say: Lambda's default on creation, left as it is on
/// an update.
/// </summary>
internal sealed record FunctionSettings
{
    public string? Role { get; init; }

    public string? Description { get; init; }

    /// <summary>Megabytes.</summary>
    public int? MemorySize { get; init; }

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }

    /// <summary>Megabytes of /tmp.</summary>
    public int? EphemeralStorage { get; init; }

    /// <summary>Variables to set; others of the function stay unless <see cref="ReplaceEnvironment"/>.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether variables that are not in <see cref="Environment"/> are removed.</summary>
    public bool ReplaceEnvironment { get; init; }

    public ImageConfig? ImageConfig { get; init; }

    /// <summary>Active or PassThrough.</summary>
    public string? TracingMode { get; init; }

    public VpcConfig? Vpc { get; init; }

    /// <summary>Members that are null are left as they are.</summary>
    public LoggingConfig? Logging { get; init; }

    public string? KmsKeyArn { get; init; }

    /// <summary>Tags to set; others of the function stay.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
