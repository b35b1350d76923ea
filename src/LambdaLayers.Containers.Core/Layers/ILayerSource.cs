namespace LambdaLayers.Containers.Core.Layers;

/// <summary>One kind of place that layers come from.</summary>
internal interface ILayerSource
{
    /// <summary>The kind of items that it resolves.</summary>
    LayerKind Kind { get; }

    /// <summary>Finds out which bytes the item means, without fetching more than that takes.</summary>
    Task<ResolvedLayer> ResolveAsync(LayerItem item, ResolveContext context, CancellationToken cancellationToken);
}
