using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Points a new alias at a version.</summary>
internal sealed record CreateAliasRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    public required string Name { get; init; }

    public required string FunctionVersion { get; init; }

    public string? Description { get; init; }
}
