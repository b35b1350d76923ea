using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>One layer of a <see cref="StoredImage"/>.</summary>
/// <param name="Digest">Of the blob.</param>
/// <param name="DiffId">Of the tar in it.</param>
/// <param name="Blob">As it is stored: gzip, zstd or plain.</param>
public sealed record StoredLayer(string Digest, string DiffId, byte[] Blob)
{
    /// <summary>Its entries, in order; the content of those that are files is gone once the next one is asked for.</summary>
    public IEnumerable<TarEntry> Entries()
    {
        using var tar = OpenTar();
        using var reader = new TarReader(tar);
        while (reader.GetNextEntry() is { } entry)
            yield return entry;
    }

    /// <summary>Names of its files and links, in order.</summary>
    public IReadOnlyList<string> Files =>
        [.. Entries().Where(e => e.EntryType != TarEntryType.Directory).Select(e => e.Name)];

    /// <summary>The text of one file.</summary>
    public string Text(string name)
    {
        foreach (var entry in Entries().Where(e => e.Name == name))
        {
            using var reader = new StreamReader(entry.DataStream!);
            return reader.ReadToEnd();
        }

        throw new InvalidDataException($"The layer has no {name}, only {string.Join(", ", Files)}.");
    }

    /// <summary>Unpacks it alone below a folder.</summary>
    public void UnpackTo(string folder)
    {
        var unpacker = new ImageUnpacker(Directory.CreateDirectory(folder).FullName);
        unpacker.Apply(this);
        unpacker.Finish();
    }

    /// <summary>The tar; its digest is checked.</summary>
    public Stream OpenTar()
    {
        var tar = new MemoryStream();
        using (var content = Decompressed())
            content.CopyTo(tar);
        tar.Position = 0;
        var actual = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(tar));
        if (actual != DiffId)
            throw new InvalidDataException($"The layer {Digest} should hold {DiffId}, but holds {actual}.");
        tar.Position = 0;
        return tar;
    }

    private Stream Decompressed() => Blob switch
    {
        [0x1F, 0x8B, ..] => new GZipStream(new MemoryStream(Blob), CompressionMode.Decompress),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => new ZstdSharp.DecompressionStream(new MemoryStream(Blob)),
        _ => new MemoryStream(Blob),
    };
}
