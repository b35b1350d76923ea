using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>Puts layers on a base image. The base's own blobs are passed through, never rewritten.</summary>
internal static class ComposeImage
{
    /// <summary>The image with <paramref name="layers"/> on top, bottom first, typed as the base's family asks.</summary>
    /// <param name="labels">Added to the config's labels.</param>
    /// <param name="environment">Set in the config's environment.</param>
    public static ComposedImage Run(
        BaseImage @base, IReadOnlyList<Layer> layers, IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> environment)
    {
        var added = layers.Select(Describe).ToList();
        var config = @base.Config.WithLayers(added);
        if (labels.Count > 0)
            config = config.WithLabels(labels);
        if (environment.Count > 0)
            config = config.WithEnvironment(environment);
        var manifest = @base.Manifest.WithLayers(added).WithConfig(config);
        List<ServedBlob> blobs =
        [
            ServedBlob.InMemory(config.Bytes.ToArray()),
            .. @base.Manifest.Layers.Select(blob =>
                new ServedBlob(blob.Digest, blob.Size, token => @base.OpenBlobAsync(blob, token))),
            .. layers.Select(layer =>
                new ServedBlob(layer.Packed.Digest, layer.Packed.Size, layer.OpenCompressedAsync)),
        ];
        return new ComposedImage(@base, layers, manifest, config, blobs);
    }

    // A fixed time: the real one would make another image of the same inputs.
    private static AddedLayer Describe(Layer layer) =>
        new(layer.Packed.Digest, layer.Packed.Size, layer.Packed.DiffId,
            new HistoryEntry(PackOptions.ZipEpoch, $"LambdaLayer {layer.ResolvedName ?? layer.Item.PortableName}",
                $"LambdaLayers.Containers {layer.Item.TargetPath}"));
}
