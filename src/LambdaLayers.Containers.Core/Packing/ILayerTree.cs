using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>The files of one layer, wherever they come from: a zip, a folder, an image's filesystem.</summary>
internal interface ILayerTree : IDisposable
{
    /// <summary>All entries, in no particular order, each path once; parents may be missing.</summary>
    IReadOnlyList<LayerEntry> Entries { get; }

    /// <summary>What the user should know about the source; recorded in <see cref="LayerFacts.Warnings"/>.</summary>
    IReadOnlyList<Diagnostic> Warnings { get; }
}
