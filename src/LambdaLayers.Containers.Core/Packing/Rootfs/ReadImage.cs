using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// Reads all layers of an image once: their names and kinds, whether each unpacks to what the configuration says, and
/// whether their blobs would do as layers as they are.
/// </summary>
internal sealed class ReadImage(ImageLimits limits)
{
    /// <summary>Changes whenever the same image could give another layer; part of every identity made from one.</summary>
    public const string Version = "image-1";

    /// <param name="layers">Bottom first.</param>
    /// <param name="reusePath">
    /// The folder whose layers could be used as they are (source and target are the same); null when they cannot.
    /// </param>
    public async Task<ImageContent> RunAsync(
        IReadOnlyList<ImageLayerBlob> layers, string? reusePath, CancellationToken cancellationToken)
    {
        var content = new ImageContent(layers, limits);
        var room = limits.UnpackedSize;
        for (var i = 0; i < layers.Count; i++)
        {
            if (!MediaTypes.IsLayer(layers[i].Blob.MediaType))
                throw ContentErrors.ImageLayerOfUnknownType(layers[i].Blob.Digest.ToString(), layers[i].Blob.MediaType);
            var rules = reusePath is null || content.WhyRepacked is not null ? null : new ReuseRules(layers[i], reusePath);
            room -= await ReadLayerAsync(content, i, rules, room, cancellationToken);
            if (rules is not null)
                await ConcludeAsync(content, rules, cancellationToken);
        }

        if (reusePath is null)
            content.WhyRepacked = "its source and target folders differ";
        return content;
    }

    private async Task<long> ReadLayerAsync(
        ImageContent content, int index, ReuseRules? rules, long room, CancellationToken cancellationToken)
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
                    if (content.Files.Count > limits.Entries)
                        throw ContentErrors.ImageTooLarge("entries", limits.Entries);
                    if (rules is not null)
                        await rules.AddAsync(entry, tar, cancellationToken);
                }

                rules?.AddEnd(tar.EndedProperly);
                return ordinal;
            },
            stream => unpacked = new UnpackedStream(stream, room),
            cancellationToken);
        if (unpacked!.Digest != layer.DiffId)
            throw ContentErrors.ImageLayerWrongDiffId(
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
