namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// The files of one layer, wherever they come from: a zip, a folder, an image's filesystem, an application. Readers make
/// it, and the packer turns it into a layer blob.
/// </summary>
/// <param name="entries">All entries, in no particular order, each path once; parents may be missing.</param>
/// <param name="source">What the entries' content is read from; disposed with the tree.</param>
internal sealed class LayerTree(IReadOnlyList<LayerEntry> entries, IDisposable? source = null) : IDisposable
{
    /// <summary>All entries, in no particular order, each path once; parents may be missing.</summary>
    public IReadOnlyList<LayerEntry> Entries { get; } = entries;

    /// <summary>A tree of other entries with content from the same source, which now belongs to that tree alone.</summary>
    public LayerTree With(IReadOnlyList<LayerEntry> entries) => new(entries, source);

    /// <summary>Closes the source; no entry can be opened afterwards.</summary>
    public void Dispose() => source?.Dispose();
}
