using System.IO.Compression;
using System.Security.Cryptography;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>A small image layer, held whole: the blob as stored and the digests of both forms.</summary>
public sealed class SyntheticLayer
{
    private SyntheticLayer(byte[] blob, string diffId)
    {
        Blob = blob;
        DiffId = diffId;
        Digest = Sha256(blob);
    }

    /// <summary>The gzip-compressed tar.</summary>
    public ReadOnlyMemory<byte> Blob { get; }

    public string Digest { get; }

    public string DiffId { get; }

    /// <summary>"sha256:…" of some bytes.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A layer with what the callback puts into its tar.</summary>
    public static SyntheticLayer Create(Action<LayerTar> fill)
    {
        using var tar = new MemoryStream();
        using (var writer = new LayerTar(tar))
        {
            fill(writer);
        }

        return FromTar(tar.ToArray());
    }

    /// <summary>A layer from the bytes of a tar, however odd.</summary>
    public static SyntheticLayer FromTar(byte[] tar)
    {
        using var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest))
        {
            gzip.Write(tar);
        }

        return new SyntheticLayer(blob.ToArray(), Sha256(tar));
    }
}
