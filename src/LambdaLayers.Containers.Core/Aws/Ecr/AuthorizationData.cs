using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

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
