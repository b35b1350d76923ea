namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>One page of a layer's versions.</summary>
internal sealed record ListLayerVersionsResponse
{
    public string? NextMarker { get; init; }

    public IReadOnlyList<LayerVersionsListItem>? LayerVersions { get; init; }
}
