using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Tests.Packing;

/// <summary>One entry of a packed layer, as System.Formats.Tar reads it.</summary>
internal sealed record PackedEntry(string Name, TarEntryType Type, int Mode, DateTimeOffset Time, string Link, byte[] Content)
{
    public string Text => Encoding.UTF8.GetString(Content);
}

/// <summary>A packed layer in memory, with its entries as an independent reader sees them.</summary>
internal sealed record Packed(PackedLayer Layer, byte[] Blob, byte[] Tar, IReadOnlyList<PackedEntry> Entries)
{
    public static readonly PackOptions Options = new("/opt", PackOptions.ZipEpoch);

    public IEnumerable<string> Names => Entries.Select(e => e.Name);

    public PackedEntry this[string name] => Entries.Single(e => e.Name == name);

    public static async Task<Packed> Of(LayerTree tree, PackOptions? options = null, LayerPacker? packer = null)
    {
        using var blob = new MemoryStream();
        var layer = await (packer ?? new LayerPacker()).PackAsync(tree, options ?? Options, blob, CancellationToken.None);
        using var tar = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(blob.ToArray()), CompressionMode.Decompress))
            gzip.CopyTo(tar);
        return new Packed(layer, blob.ToArray(), tar.ToArray(), Read(tar.ToArray()));
    }

    private static List<PackedEntry> Read(byte[] tar)
    {
        using var reader = new TarReader(new MemoryStream(tar));
        var entries = new List<PackedEntry>();
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            Assert.That((entry.Uid, entry.Gid), Is.EqualTo((0, 0)), entry.Name);
            entries.Add(new PackedEntry(
                entry.Name, entry.EntryType, (int)entry.Mode, entry.ModificationTime, entry.LinkName, content.ToArray()));
        }

        return entries;
    }
}
