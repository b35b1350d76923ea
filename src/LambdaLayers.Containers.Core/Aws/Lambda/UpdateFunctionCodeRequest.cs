using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Gives a function another image.</summary>
internal sealed record UpdateFunctionCodeRequest
{
    [JsonIgnore]
    public string FunctionName { get; init; } = "";

    public string? ImageUri { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public bool? Publish { get; init; }

    public bool? DryRun { get; init; }

    public string? RevisionId { get; init; }
}
