using System.IO.Compression;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing.Tar;
using ZstdSharp;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Opens layer blobs as tars, whatever they are compressed with, and words what goes wrong in them.</summary>
internal static class Unpacking
{
    /// <summary>The uncompressed bytes. The blob's first bytes decide: media types are known to be wrong about it.</summary>
    public static async Task<Stream> OpenAsync(ImageLayerBlob layer, CancellationToken cancellationToken)
    {
        var blob = await layer.OpenAsync(cancellationToken);
        try
        {
            var magic = new byte[4];
            var length = await blob.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
            blob.Position = 0;
            return Kind(magic.AsSpan(0, length)) switch
            {
                BlobCompression.Gzip => new GZipStream(blob, CompressionMode.Decompress),
                BlobCompression.Zstd => new DecompressionStream(blob, leaveOpen: false),
                _ => blob,
            };
        }
        catch
        {
            await blob.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <paramref name="read"/> over the layer's tar; throws LLC3201 for what cannot be unpacked.</summary>
    public static async Task<T> ReadAsync<T>(
        ImageLayerBlob layer, Func<TarInput, Task<T>> read, Func<Stream, Stream> watch, CancellationToken cancellationToken)
    {
        try
        {
            await using var tar = new TarInput(watch(await OpenAsync(layer, cancellationToken)));
            return await read(tar);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw ContentErrors.ImageLayerDamaged(layer.Blob.Digest.ToString(), e.Message.TrimEnd('.'), e);
        }
    }

    // https://www.rfc-editor.org/rfc/rfc1952, https://www.rfc-editor.org/rfc/rfc8878 (frames, and skippable ones).
    private static BlobCompression Kind(ReadOnlySpan<byte> magic) => magic switch
    {
        [0x1F, 0x8B, ..] => BlobCompression.Gzip,
        [0x28, 0xB5, 0x2F, 0xFD] => BlobCompression.Zstd,
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => BlobCompression.Zstd,
        _ => BlobCompression.None,
    };
}
