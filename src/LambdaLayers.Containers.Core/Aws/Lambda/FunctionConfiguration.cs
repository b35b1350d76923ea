namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A function's settings and state, as most operations answer.</summary>
internal sealed record FunctionConfiguration
{
    public string? FunctionName { get; init; }

    public string? FunctionArn { get; init; }

    public string? Role { get; init; }

    public string? Description { get; init; }

    public int? Timeout { get; init; }

    public int? MemorySize { get; init; }

    public long? CodeSize { get; init; }

    public string? CodeSha256 { get; init; }

    public string? Version { get; init; }

    public string? LastModified { get; init; }

    public string? RevisionId { get; init; }

    public string? PackageType { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Pending, Active, Inactive, Failed, Deactivating, Deactivated, ActiveNonInvocable, Deleting.</summary>
    public string? State { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    /// <summary>Successful, Failed, InProgress.</summary>
    public string? LastUpdateStatus { get; init; }

    public string? LastUpdateStatusReason { get; init; }

    public string? LastUpdateStatusReasonCode { get; init; }

    public EnvironmentResponse? Environment { get; init; }

    public ImageConfigResponse? ImageConfigResponse { get; init; }

    public VpcConfigResponse? VpcConfig { get; init; }

    public EphemeralStorage? EphemeralStorage { get; init; }

    public TracingConfig? TracingConfig { get; init; }

    public LoggingConfig? LoggingConfig { get; init; }

    public string? KMSKeyArn { get; init; }
}
