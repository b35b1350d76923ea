using System.IO.Compression;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing.Tar;
using ZstdSharp;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>One layer of an image, on this machine.</summary>
/// <param name="Blob">As the manifest lists it.</param>
/// <param name="DiffId">What it must unpack to, by the image's configuration.</param>
/// <param name="OpenAsync">Opens the blob as it is stored, already verified; seekable; may be called again.</param>
internal sealed record ImageLayerBlob(
    Descriptor Blob, Digest DiffId, Func<CancellationToken, Task<Stream>> OpenAsync);

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
            // https://www.rfc-editor.org/rfc/rfc1952, https://www.rfc-editor.org/rfc/rfc8878 (frames, and skippable ones).
            return magic.AsSpan(0, length) switch
            {
                [0x1F, 0x8B, ..] => new GZipStream(blob, CompressionMode.Decompress),
                [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] =>
                    new DecompressionStream(blob, leaveOpen: false),
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
            throw RootfsErrors.ImageLayerDamaged(layer.Blob.Digest.ToString(), e.Message.TrimEnd('.'), e);
        }
    }
}

/// <summary>Takes the digest of a layer's unpacked bytes as they are read, and stops at a limit with LLC3205.</summary>
/// <param name="room">Bytes that this layer may have.</param>
/// <param name="limit">Bytes that all layers together may have, for the message.</param>
internal sealed class UnpackedStream(Stream inner, long room, long limit) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public override long Position { get; set; }

    /// <summary>Of everything read so far.</summary>
    public Digest Digest => Digest.FromHash(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read]);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Note(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        // The digest is asked for when all is read.
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> read)
    {
        _hash.AppendData(read);
        Position += read.Length;
        if (Position > room)
            throw RootfsErrors.ImageTooLarge("bytes, unpacked", limit);
    }
}
