using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A <c>LambdaLayer</c> item as MSBuild hands it over.</summary>
/// <param name="Origin">Its Include and the file that defines it.</param>
/// <param name="ProjectDirectory">Absolute folder of the project.</param>
/// <param name="Metadata">Gives a metadata value, empty when not set.</param>
internal sealed record LayerItemInput(ItemOrigin Origin, string ProjectDirectory, Func<string, string> Metadata)
{
    /// <summary>Absolute folder below which the build puts what it makes of items; null where nothing is built.</summary>
    public string? BuildDirectory { get; init; }
}
