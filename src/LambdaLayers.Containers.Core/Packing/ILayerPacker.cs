namespace LambdaLayers.Containers.Core.Packing;

/// <summary>Turns a tree into one image layer blob under the rules of docs/architecture.md, in constant memory.</summary>
internal interface ILayerPacker
{
    /// <summary>Changes whenever the same input could give other bytes; part of every cache key and lock file.</summary>
    string Version { get; }

    /// <summary>Writes the compressed blob to <paramref name="output"/> and says what was written.</summary>
    Task<PackedLayer> PackAsync(
        LayerTree tree, PackOptions options, Stream output, CancellationToken cancellationToken);
}
