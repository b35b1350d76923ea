using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>Some files of another tree.</summary>
internal sealed class FilteredTree(ILayerTree whole, Func<LayerEntry, bool> keep) : ILayerTree
{
    public IReadOnlyList<LayerEntry> Entries { get; } = [.. whole.Entries.Where(keep)];

    public IReadOnlyList<Diagnostic> Warnings => whole.Warnings;

    public void Dispose() => whole.Dispose();
}
