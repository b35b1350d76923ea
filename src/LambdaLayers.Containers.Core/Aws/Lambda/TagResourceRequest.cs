using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Adds tags to a function, or changes them.</summary>
internal sealed record TagResourceRequest
{
    /// <summary>The function's ARN without qualifier.</summary>
    [JsonIgnore]
    public string Resource { get; init; } = "";

    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
