using System.IO.Compression;
using System.Text;
using ICSharpCode.SharpZipLib.Checksum;

namespace LambdaLayers.Containers.TestKit.Zips;

/// <summary>
/// Writes zips byte by byte, also those that no library would: names that leave the folder, headers that disagree, sizes
/// and checksums that lie.
/// </summary>
public sealed class ZipBuilder
{
    private readonly List<ZipItem> _items = [];

    /// <summary>What the end record says about the number of entries, when it is not the truth.</summary>
    public int? Count { get; init; }

    /// <summary>Bytes before the first entry that no offset counts.</summary>
    public byte[] Prefix { get; init; } = [];

    public byte[] Comment { get; init; } = [];

    /// <summary>Adds any entry.</summary>
    public ZipBuilder Add(ZipItem item)
    {
        _items.Add(item);
        return this;
    }

    /// <summary>Adds a file as Info-ZIP would on Unix.</summary>
    public ZipBuilder File(string name, string content = "", int permissions = 0x1A4) =>
        File(name, Encoding.UTF8.GetBytes(content), permissions);

    /// <summary>Adds a file as Info-ZIP would on Unix.</summary>
    public ZipBuilder File(string name, byte[] content, int permissions = 0x1A4) =>
        Add(new ZipItem(name) { Content = content, Mode = ZipItem.Regular | permissions });

    /// <summary>Adds a folder; the name needs no slash at its end.</summary>
    public ZipBuilder Folder(string name, int permissions = 0x1ED) =>
        Add(new ZipItem(name.TrimEnd('/') + "/") { Method = 0, Mode = ZipItem.Folder | permissions, DosAttributes = 0x10 });

    /// <summary>Adds a symbolic link.</summary>
    public ZipBuilder Link(string name, string target) => Add(new ZipItem(name)
    {
        Content = Encoding.UTF8.GetBytes(target),
        Method = 0,
        Mode = ZipItem.Link | 0x1FF,
    });

    /// <summary>The zip.</summary>
    public byte[] Build()
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        using var table = new MemoryStream();
        using var tableWriter = new BinaryWriter(table);
        foreach (var item in _items)
            new ZipItemWriter(item).Write(writer, tableWriter);
        var offset = zip.Length;
        table.WriteTo(zip);
        writer.Write("PK\u0005\u0006"u8);
        writer.Write(0);
        writer.Write((ushort)(Count ?? _items.Count));
        writer.Write((ushort)(Count ?? _items.Count));
        writer.Write((uint)table.Length);
        writer.Write((uint)offset);
        writer.Write((ushort)Comment.Length);
        writer.Write(Comment);
        return [.. Prefix, .. zip.ToArray()];
    }

    /// <summary>Writes the zip below <paramref name="root"/> and gives its path.</summary>
    public string Write(TempRoot root, string name = "layer.zip")
    {
        var path = root.File(name);
        System.IO.File.WriteAllBytes(path, Build());
        return path;
    }

    internal static byte[] Deflate(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Optimal))
            deflate.Write(content);
        return bytes.ToArray();
    }

    internal static uint Crc(byte[] content)
    {
        var crc = new Crc32();
        crc.Update(content);
        return (uint)crc.Value;
    }
}
