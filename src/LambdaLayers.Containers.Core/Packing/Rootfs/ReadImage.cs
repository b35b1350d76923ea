using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// Reads all layers of an image once: their names and kinds, whether each unpacks to what the configuration says, and
/// whether their blobs would do as layers as they are.
/// </summary>
internal sealed class ReadImage(Limits limits)
{
    /// <summary>Changes whenever the same image could give another layer; part of every identity made from one.</summary>
    public const string Version = "image-1";

    /// <summary>
    /// Throws LLC3205 for layers that are too large to be downloaded, by their manifest.
    /// </summary>
    public void CheckDeclared(IEnumerable<Descriptor> layers)
    {
        if (layers.DistinctBy(l => l.Digest).Sum(l => (decimal)l.Size) > limits.ImageBytes)
            throw RootfsErrors.ImageTooLarge("bytes, compressed", limits.ImageBytes);
    }

    /// <param name="layers">Bottom first.</param>
    /// <param name="reusePath">
    /// The folder whose layers could be used as they are (source and target are the same); null when they cannot.
    /// </param>
    public async Task<ImageContent> RunAsync(
        IReadOnlyList<ImageLayerBlob> layers, string? reusePath, CancellationToken cancellationToken)
    {
        CheckDeclared(layers.Select(l => l.Blob));
        var content = new ImageContent(layers, limits);
        var limit = ImageBudget.UnpackedBytes(layers.DistinctBy(l => l.Blob.Digest).Sum(l => l.Blob.Size), limits);
        var room = limit;
        for (var i = 0; i < layers.Count; i++)
        {
            if (!MediaTypes.IsLayer(layers[i].Blob.MediaType))
                throw RootfsErrors.ImageLayerOfUnknownType(layers[i].Blob.Digest.ToString(), layers[i].Blob.MediaType);
            var rules = reusePath is null || content.WhyRepacked is not null ? null : new ReuseRules(layers[i], reusePath, limits);
            room -= await ReadLayerAsync(content, i, rules, (room, limit), cancellationToken);
            if (rules is not null)
                await ConcludeAsync(content, rules, cancellationToken);
        }

        if (reusePath is null)
            content.WhyRepacked = "its source and target folders differ";
        return content;
    }

    private static async Task<long> ReadLayerAsync(
        ImageContent content, int index, ReuseRules? rules, (long Room, long Limit) bytes, CancellationToken cancellationToken)
    {
        var layer = content.Layers[index];
        UnpackedStream? unpacked = null;
        await Unpacking.ReadAsync(
            layer,
            async tar =>
            {
                var ordinal = 0;
                while (await tar.NextAsync(cancellationToken) is { } entry)
                {
                    content.Files.Apply(entry, index, ordinal++);
                    if (rules is not null)
                        await rules.AddAsync(entry, tar, cancellationToken);
                }

                rules?.AddEnd(tar);
                return ordinal;
            },
            stream => unpacked = new UnpackedStream(stream, bytes.Room, bytes.Limit),
            cancellationToken);
        if (unpacked!.Digest != layer.DiffId)
            throw RootfsErrors.ImageLayerWrongDiffId(
                layer.Blob.Digest.ToString(), layer.DiffId.ToString(), unpacked.Digest.ToString());
        return unpacked.Position;
    }

    private static async Task ConcludeAsync(ImageContent content, ReuseRules rules, CancellationToken cancellationToken)
    {
        if (await rules.FinishAsync(cancellationToken) is { } packed)
            content.Reusable.Add(packed);
        else if (!rules.IsEmpty)
            content.WhyRepacked = rules.Violation;
    }
}

/// <summary>What <see cref="ReadImage"/> found.</summary>
internal sealed class ImageContent(IReadOnlyList<ImageLayerBlob> layers, Limits limits)
{
    /// <summary>Bottom first.</summary>
    public IReadOnlyList<ImageLayerBlob> Layers { get; } = layers;

    /// <summary>The names that the layers add up to.</summary>
    public ImageFileSystem Files { get; } = new(limits);

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
        ImageTree.OpenAsync(this, SourceEntries.Of(Files, sourcePath, limits), cache, cancellationToken);
}
