using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Points an alias at another version.</summary>
internal sealed record UpdateAliasRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    [JsonIgnore]
    public string Name { get; init; } = "";

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }

    /// <summary>Left null, an alias keeps sending its share to a second version.</summary>
    public AliasRoutingConfiguration? RoutingConfig { get; init; }
}
