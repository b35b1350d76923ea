namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Asks for a page of a layer's versions, in no promised order.</summary>
internal sealed record ListLayerVersionsRequest
{
    /// <summary>Name or ARN of the layer, without version.</summary>
    public required string LayerName { get; init; }

    public string? Marker { get; init; }

    /// <summary>1 to 50.</summary>
    public int? MaxItems { get; init; }
}
