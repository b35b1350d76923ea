using System.Text.Json;
using System.Text.Json.Serialization;

// ECR's wire shapes, named as in AWSSDK.ECR's namespace Amazon.ECR.Model and cut to the members that are used (botocore,
// ecr service-2.json). Null is what is not sent and what was not answered.
namespace LambdaLayers.Containers.Core.Aws.Ecr.Model;

internal sealed record GetAuthorizationTokenRequest;

internal sealed record GetAuthorizationTokenResponse
{
    /// <summary>One token; it is good for every registry that the caller may use.</summary>
    public IReadOnlyList<AuthorizationData>? AuthorizationData { get; init; }
}

/// <summary>What the public gallery answers: an object where a private registry answers a list.</summary>
internal sealed record GetPublicAuthorizationTokenResponse
{
    public AuthorizationData? AuthorizationData { get; init; }
}

/// <summary>A registry's password. Printing it shows no secret.</summary>
internal sealed record AuthorizationData
{
    /// <summary>Base64 of <c>AWS:password</c>.</summary>
    public string? AuthorizationToken { get; init; }

    /// <summary>Usually twelve hours ahead.</summary>
    [JsonConverter(typeof(EpochSecondsConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The registry's URL; the public gallery has none.</summary>
    public string? ProxyEndpoint { get; init; }

    public override string ToString() => $"token for {ProxyEndpoint ?? "the public gallery"}";
}

internal sealed record DescribeRepositoriesRequest
{
    /// <summary>The owner's twelve digits; null for the caller's own account.</summary>
    public string? RegistryId { get; init; }

    /// <summary>At most 100.</summary>
    public IReadOnlyList<string>? RepositoryNames { get; init; }
}

internal sealed record DescribeRepositoriesResponse
{
    public IReadOnlyList<Repository>? Repositories { get; init; }
}

internal sealed record Repository
{
    public string? RepositoryUri { get; init; }

    /// <summary>MUTABLE or IMMUTABLE, each with _WITH_EXCLUSION too.</summary>
    public string? ImageTagMutability { get; init; }
}

internal sealed record CreateRepositoryRequest
{
    /// <summary>The owner's twelve digits; null for the caller's own account.</summary>
    public string? RegistryId { get; init; }

    public required string RepositoryName { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }

    /// <summary>MUTABLE or IMMUTABLE, each with _WITH_EXCLUSION too.</summary>
    public string? ImageTagMutability { get; init; }

    public ImageScanningConfiguration? ImageScanningConfiguration { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }
}

internal sealed record CreateRepositoryResponse
{
    public Repository? Repository { get; init; }
}

// The one shape whose members ECR spells in capitals.
internal sealed record Tag
{
    [JsonPropertyName("Key")]
    public required string Key { get; init; }

    [JsonPropertyName("Value")]
    public required string Value { get; init; }
}

internal sealed record ImageScanningConfiguration
{
    public bool? ScanOnPush { get; init; }
}

/// <summary>How images are encrypted; cannot be changed later.</summary>
internal sealed record EncryptionConfiguration
{
    /// <summary>AES256, KMS or KMS_DSSE.</summary>
    public required string EncryptionType { get; init; }

    public string? KmsKey { get; init; }
}

/// <summary>AWS JSON 1.1's times: seconds since 1970 with a fraction.</summary>
internal sealed class EpochSecondsConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : DateTimeOffset.UnixEpoch.AddSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            writer.WriteNumberValue((time - DateTimeOffset.UnixEpoch).TotalSeconds);
        else
            writer.WriteNullValue();
    }
}

/// <summary>Reads and writes ECR's documents without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GetAuthorizationTokenRequest))]
[JsonSerializable(typeof(GetAuthorizationTokenResponse))]
[JsonSerializable(typeof(GetPublicAuthorizationTokenResponse))]
[JsonSerializable(typeof(DescribeRepositoriesRequest))]
[JsonSerializable(typeof(DescribeRepositoriesResponse))]
[JsonSerializable(typeof(CreateRepositoryRequest))]
[JsonSerializable(typeof(CreateRepositoryResponse))]
internal sealed partial class EcrJson : JsonSerializerContext;
