using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>What every source needs to know of the image that the layers are for.</summary>
/// <param name="Platform">The image's platform.</param>
/// <param name="Log">Where warnings and progress go.</param>
internal sealed record ResolveContext(Platform Platform, IEngineLog Log)
{
    /// <summary>Whether tags and open versions are to be looked up anew, whatever the lock file says.</summary>
    public bool Refresh { get; init; }
}
