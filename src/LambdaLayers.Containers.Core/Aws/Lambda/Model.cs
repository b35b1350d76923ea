using System.Text.Json.Serialization;

// Lambda's wire shapes, named as in AWSSDK.Lambda's namespace Amazon.Lambda.Model and cut to the members that are used
// (botocore, lambda service-2.json). Null is what is not sent and what was not answered.
namespace LambdaLayers.Containers.Core.Aws.Lambda.Model;

internal sealed record GetLayerVersionByArnRequest
{
    public required string Arn { get; init; }
}

internal sealed record GetLayerVersionByArnResponse
{
    public LayerVersionContentOutput? Content { get; init; }

    public string? LayerVersionArn { get; init; }

    public string? Description { get; init; }

    public long? Version { get; init; }

    /// <summary><c>x86_64</c>, <c>arm64</c>; empty or null when the publisher did not say.</summary>
    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    /// <summary>Such as <c>dotnet8</c>; empty or null when the publisher did not say.</summary>
    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }
}

internal sealed record LayerVersionContentOutput
{
    /// <summary>A presigned link, good for ten minutes. Its query is a secret while it lasts.</summary>
    public string? Location { get; init; }

    /// <summary>SHA-256 of the zip in base64.</summary>
    public string? CodeSha256 { get; init; }

    /// <summary>Of the zip, in bytes.</summary>
    public long? CodeSize { get; init; }

    // Without the link.
    public override string ToString() => $"{CodeSize} bytes, sha256 {CodeSha256}";
}

internal sealed record ListLayerVersionsRequest
{
    /// <summary>Name or ARN of the layer, without version.</summary>
    public required string LayerName { get; init; }

    public string? Marker { get; init; }

    /// <summary>1 to 50.</summary>
    public int? MaxItems { get; init; }
}

/// <summary>One page of a layer's versions, in no promised order.</summary>
internal sealed record ListLayerVersionsResponse
{
    public string? NextMarker { get; init; }

    public IReadOnlyList<LayerVersionsListItem>? LayerVersions { get; init; }
}

internal sealed record LayerVersionsListItem
{
    public long? Version { get; init; }
}

internal sealed record GetFunctionRequest
{
    public required string FunctionName { get; init; }

    /// <summary>A version or an alias; null for the function as it is being edited (<c>$LATEST</c>).</summary>
    public string? Qualifier { get; init; }
}

internal sealed record GetFunctionResponse
{
    public FunctionConfiguration? Configuration { get; init; }

    public FunctionCodeLocation? Code { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

internal sealed record FunctionCodeLocation
{
    /// <summary>The image as it was deployed, by tag or digest.</summary>
    public string? ImageUri { get; init; }

    /// <summary>The image with the digest that <see cref="ImageUri"/> stood for when it was deployed.</summary>
    public string? ResolvedImageUri { get; init; }
}

internal sealed record FunctionConfiguration
{
    public string? FunctionName { get; init; }

    public string? FunctionArn { get; init; }

    public string? Role { get; init; }

    public string? Description { get; init; }

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }

    /// <summary>Megabytes.</summary>
    public int? MemorySize { get; init; }

    public string? Version { get; init; }

    /// <summary>Changes with every update; sent back, Lambda refuses an update of anything newer.</summary>
    public string? RevisionId { get; init; }

    /// <summary>Image or Zip.</summary>
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

internal sealed record EnvironmentResponse
{
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Why the variables are not there: the caller may not decrypt them.</summary>
    public EnvironmentError? Error { get; init; }
}

internal sealed record EnvironmentError
{
    public string? ErrorCode { get; init; }

    public string? Message { get; init; }
}

internal sealed record ImageConfigResponse
{
    public ImageConfig? ImageConfig { get; init; }
}

internal sealed record VpcConfigResponse
{
    public IReadOnlyList<string>? SubnetIds { get; init; }

    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}

internal sealed record CreateFunctionRequest
{
    public required string FunctionName { get; init; }

    public required FunctionCode Code { get; init; }

    /// <summary>Image or Zip.</summary>
    public string? PackageType { get; init; }

    /// <summary>Exactly one: <c>x86_64</c> or <c>arm64</c>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

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

internal sealed record FunctionCode
{
    /// <summary><c>host/repository@sha256:…</c> in the function's own region.</summary>
    public string? ImageUri { get; init; }
}

internal sealed record UpdateFunctionCodeRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    public string? ImageUri { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public string? RevisionId { get; init; }
}

/// <summary>What is null stays as it is.</summary>
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

/// <summary>Replaces all variables of a function.</summary>
internal sealed record Environment
{
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}

/// <summary>What replaces the image's own settings.</summary>
internal sealed record ImageConfig
{
    public IReadOnlyList<string>? EntryPoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public string? WorkingDirectory { get; init; }
}

/// <summary>The network that a function is attached to; empty lists detach it.</summary>
internal sealed record VpcConfig
{
    public IReadOnlyList<string>? SubnetIds { get; init; }

    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}

internal sealed record EphemeralStorage
{
    /// <summary>Of /tmp: megabytes, 512 to 10,240.</summary>
    public int? Size { get; init; }
}

internal sealed record TracingConfig
{
    /// <summary>Active or PassThrough.</summary>
    public string? Mode { get; init; }
}

internal sealed record LoggingConfig
{
    /// <summary>JSON or Text.</summary>
    public string? LogFormat { get; init; }

    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    public string? LogGroup { get; init; }
}

internal sealed record PublishVersionRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";
}

internal sealed record GetAliasRequest
{
    public required string FunctionName { get; init; }

    public required string Name { get; init; }
}

internal sealed record AliasConfiguration
{
    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public AliasRoutingConfiguration? RoutingConfig { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record AliasRoutingConfiguration
{
    /// <summary>Versions that get a share of the alias's calls, from 0 to 1.</summary>
    public IReadOnlyDictionary<string, double>? AdditionalVersionWeights { get; init; }
}

internal sealed record CreateAliasRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    public required string Name { get; init; }

    public required string FunctionVersion { get; init; }
}

/// <summary>What is null stays as it is: an alias keeps sending a share of its calls to a second version.</summary>
internal sealed record UpdateAliasRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    [JsonIgnore]
    public string Name { get; init; } = "";

    public string? FunctionVersion { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record TagResourceRequest
{
    /// <summary>The function's ARN without qualifier.</summary>
    [JsonIgnore]
    public string Resource { get; init; } = "";

    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}

/// <summary>Lambda answers this where AWSSDK.Lambda has a response of its own without members.</summary>
internal sealed record EmptyResponse;

/// <summary>Reads and writes Lambda's documents without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GetLayerVersionByArnResponse))]
[JsonSerializable(typeof(ListLayerVersionsResponse))]
[JsonSerializable(typeof(CreateFunctionRequest))]
[JsonSerializable(typeof(UpdateFunctionCodeRequest))]
[JsonSerializable(typeof(UpdateFunctionConfigurationRequest))]
[JsonSerializable(typeof(GetFunctionResponse))]
[JsonSerializable(typeof(FunctionConfiguration))]
[JsonSerializable(typeof(PublishVersionRequest))]
[JsonSerializable(typeof(CreateAliasRequest))]
[JsonSerializable(typeof(UpdateAliasRequest))]
[JsonSerializable(typeof(AliasConfiguration))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(EmptyResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext;
