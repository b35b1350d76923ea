using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Ecr;

/// <summary>A tag of a repository. ECR spells these two in capitals.</summary>
internal sealed record Tag
{
    [JsonPropertyName("Key")]
    public required string Key { get; init; }

    [JsonPropertyName("Value")]
    public required string Value { get; init; }
}
