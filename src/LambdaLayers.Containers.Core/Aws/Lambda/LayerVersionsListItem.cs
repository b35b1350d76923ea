namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>One version of a layer.</summary>
internal sealed record LayerVersionsListItem
{
    public string? LayerVersionArn { get; init; }

    public long? Version { get; init; }

    public string? Description { get; init; }

    public string? CreatedDate { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }
}
