using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Gzip;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Packs any tree by inflating everything and compressing it again with one deflater whose bytes are the same on every
/// machine (<see cref="DeflateChunk"/> says why). Entries are inflated and hashed on one thread while the others
/// compress; memory is some pieces of 1 MiB for each core, whatever the layer's size.
/// </summary>
internal sealed class RecompressingPacker : ILayerPacker
{
    /// <summary>Changes with the deflater (SharpZipLib's version), the length of pieces, and every rule for the tar.</summary>
    public string Version => "recompress-1";

    /// <inheritdoc/>
    public Task<PackedLayer> PackAsync(
        LayerTree tree, PackOptions options, Stream output, CancellationToken cancellationToken) =>
        // Nearly all of it is computing: callers that pack several layers at once must not do it in turns.
        Task.Run(() => PackCoreAsync(tree, options, output, cancellationToken), cancellationToken);

    private static async Task<PackedLayer> PackCoreAsync(
        LayerTree tree, PackOptions options, Stream output, CancellationToken cancellationToken)
    {
        var placed = LayerPlacement.Place(tree.Entries, options.TargetPath);
        await using var blob = new HashingWriteStream(output);
        await using var gzip = new ParallelGzipStream(blob, options.CompressionLevel);
        await using var tar = new HashingWriteStream(gzip);
        var writer = new LayerTarWriter(tar, options.DefaultTime);
        await writer.WriteAsync(placed, cancellationToken);
        await gzip.CompleteAsync(cancellationToken);
        return new PackedLayer(blob.Digest, tar.Digest, blob.Length, writer.Facts.Finish(tree.Warnings));
    }
}
