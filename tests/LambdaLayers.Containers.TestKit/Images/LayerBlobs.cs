using System.IO.Compression;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Compresses tars in the ways of the field.</summary>
public static class LayerBlobs
{
    /// <summary>A gzip member of nothing; GZipStream writes none.</summary>
    public static IReadOnlyList<byte> EmptyMember { get; } = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>One gzip member without name and time.</summary>
    public static byte[] Gzip(byte[] tar)
    {
        using var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(tar);
        return blob.ToArray();
    }

    /// <summary>A gzip member for each piece, as pigz -i, apko and estargz write them.</summary>
    public static byte[] GzipMembers(byte[] tar, int pieceLength) => [.. tar.Chunk(pieceLength).SelectMany(Gzip)];

    /// <summary>One zstd frame.</summary>
    public static byte[] Zstd(byte[] tar)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(tar).ToArray();
    }

    /// <summary>A zstd frame for each piece, with skippable frames between, as zstd:chunked writes them.</summary>
    public static byte[] ZstdChunked(byte[] tar, int pieceLength)
    {
        byte[] skippable = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        return [.. tar.Chunk(pieceLength).SelectMany(piece => (byte[])[.. Zstd(piece), .. skippable])];
    }
}
