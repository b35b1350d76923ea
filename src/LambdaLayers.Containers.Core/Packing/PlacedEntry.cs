namespace LambdaLayers.Containers.Core.Packing;

/// <summary>A layer's entry at its place in the image.</summary>
/// <param name="Path">Image path without the leading slash, or a trailing one.</param>
/// <param name="Source">What the layer says about it; for a folder that the layer left out, just that it is one.</param>
internal sealed record PlacedEntry(string Path, LayerEntry Source)
{
    /// <summary>Target of a symbolic link as written, or image path (as <see cref="Path"/>) that a hard link names.</summary>
    public string? LinkTarget { get; init; } = Source.LinkTarget;

    public EntryKind Kind => Source.Kind;

    /// <summary>As users write it.</summary>
    public string ImagePath => "/" + Path;
}
