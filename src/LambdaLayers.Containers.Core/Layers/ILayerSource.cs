using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>One kind of place that layers come from.</summary>
internal interface ILayerSource
{
    /// <summary>The kind of items that it resolves.</summary>
    LayerKind Kind { get; }

    /// <summary>Finds out which bytes the item means, without fetching more than that takes.</summary>
    Task<ResolvedLayer> ResolveAsync(LayerItem item, ResolveContext context, CancellationToken cancellationToken);
}

/// <summary>What every source needs to know of the image that the layers are for.</summary>
/// <param name="Platform">The image's platform.</param>
/// <param name="Log">Where warnings and progress go.</param>
internal sealed record ResolveContext(Platform Platform, IEngineLog Log)
{
    /// <summary>Whether tags and open versions are to be looked up anew, whatever the lock file says.</summary>
    public bool Refresh { get; init; }
}
