using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>A tree that holds one symbolic link and nothing else.</summary>
internal sealed class LinkTree(string path, string target) : ILayerTree
{
    public IReadOnlyList<LayerEntry> Entries { get; } =
        [new LayerEntry(path, EntryKind.SymbolicLink) { LinkTarget = target }];

    public IReadOnlyList<Diagnostic> Warnings => [];

    public void Dispose()
    {
    }
}
