using LambdaLayers.Containers.Core.Packing.Deflate;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Turns a tree into one image layer blob under the rules of docs/architecture.md, in constant memory: a tar in one gzip
/// member, in which the deflate data of a zip's entries are taken over as they are.
/// </summary>
internal sealed class LayerPacker
{
    private int _reused;
    private int _refused;

    /// <summary>
    /// Changes whenever the same input could give other bytes, so with the encoder, the length of its pieces, the choice
    /// of what is reused, and every rule for the tar. Part of every cache key and lock file.
    /// </summary>
    public const string Version = "splice-3";

    /// <summary>Entries whose deflate data were taken over, in all layers so far.</summary>
    public int Reused => _reused;

    /// <summary>
    /// Entries whose deflate data are not one valid stream of the declared size, although they inflate to the declared
    /// content: compressed anew, in all layers so far.
    /// </summary>
    public int Refused => _refused;

    /// <summary>
    /// Writes the compressed blob to <paramref name="output"/> and says what was written. Throws LLC3xxx for a tree that
    /// cannot be a layer, and for content that is not what it should be.
    /// </summary>
    public Task<PackedLayer> PackAsync(
        LayerTree tree, PackOptions options, Stream output, CancellationToken cancellationToken) =>
        // Nearly all of it is computing: callers that pack several layers at once must not do it in turns.
        Task.Run(() => PackCoreAsync(tree, options, output, cancellationToken), cancellationToken);

    private async Task<PackedLayer> PackCoreAsync(
        LayerTree tree, PackOptions options, Stream output, CancellationToken cancellationToken)
    {
        var placed = LayerPlacement.Place(tree.Entries, options.TargetPath);
        await using var blob = new LayerBlobWriter(output, options.Compression, cancellationToken);
        var tar = new LayerTarWriter(blob, options.DefaultTime);
        await tar.WriteAsync(placed, cancellationToken);
        await blob.CompleteAsync();
        Interlocked.Add(ref _reused, blob.Reused);
        Interlocked.Add(ref _refused, blob.Refused);
        return new PackedLayer(blob.Digest, blob.DiffId, blob.Length, tar.Facts.Finish());
    }
}
