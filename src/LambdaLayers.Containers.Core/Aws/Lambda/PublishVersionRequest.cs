using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Freezes the function as a version.</summary>
internal sealed record PublishVersionRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    /// <summary>Publishes only if the code still is this one.</summary>
    public string? CodeSha256 { get; init; }

    public string? Description { get; init; }

    public string? RevisionId { get; init; }
}
