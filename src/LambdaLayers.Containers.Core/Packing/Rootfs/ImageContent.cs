using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>What <see cref="ReadImage"/> found.</summary>
internal sealed class ImageContent(IReadOnlyList<ImageLayerBlob> layers, ImageLimits limits)
{
    /// <summary>Bottom first.</summary>
    public IReadOnlyList<ImageLayerBlob> Layers { get; } = layers;

    /// <summary>The names that the layers add up to.</summary>
    public ImageFileSystem Files { get; } = new();

    /// <summary>The blobs that can be used as they are, bottom first, when <see cref="WhyRepacked"/> is null.</summary>
    public List<PackedLayer> Reusable { get; } = [];

    /// <summary>Why the blobs cannot be used as they are, in words; null when they can.</summary>
    public string? WhyRepacked { get; set; }

    /// <summary>
    /// The layer made of what lies under <paramref name="sourcePath"/>. Its files' content is copied into a temporary file
    /// of <paramref name="cache"/>: a compressed layer can only be read from its beginning, and a packer asks for files in
    /// its own order.
    /// </summary>
    public Task<LayerTree> OpenTreeAsync(string sourcePath, ContentCache cache, CancellationToken cancellationToken) =>
        ImageTree.OpenAsync(this, SourceEntries.Of(Files, sourcePath, limits.Layer), cache, cancellationToken);
}
