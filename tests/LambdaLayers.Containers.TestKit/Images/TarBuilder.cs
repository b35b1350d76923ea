using System.Formats.Tar;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Writes the tar of an image layer, entry by entry, with System.Formats.Tar: not with what is tested.</summary>
public sealed class TarBuilder
{
    /// <summary>The time that entries get: not one that any default has.</summary>
    public static readonly DateTimeOffset Time = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly MemoryStream _bytes = new();
    private readonly TarWriter _writer;
    private readonly TarEntryFormat _format;

    public TarBuilder(TarEntryFormat format = TarEntryFormat.Ustar)
    {
        _format = format;
        _writer = new TarWriter(_bytes, format, leaveOpen: true);
    }

    /// <summary>The finished tar.</summary>
    public byte[] ToArray()
    {
        _writer.Dispose();
        return _bytes.ToArray();
    }

    public TarBuilder Folder(string name, int mode = 0x1ED) => Add(Entry(TarEntryType.Directory, name, mode));

    public TarBuilder File(string name, string content = "", int mode = 0x1A4) =>
        File(name, Encoding.UTF8.GetBytes(content), mode);

    public TarBuilder File(string name, byte[] content, int mode = 0x1A4)
    {
        var type = _format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
        var entry = Entry(type, name, mode);
        entry.DataStream = new MemoryStream(content);
        return Add(entry);
    }

    public TarBuilder Link(string name, string target) => AddLink(TarEntryType.SymbolicLink, name, target);

    public TarBuilder HardLink(string name, string target) => AddLink(TarEntryType.HardLink, name, target);

    /// <summary>An entry of any kind, changed as the test wants it.</summary>
    public TarBuilder Special(TarEntryType type, string name, Action<TarEntry>? change = null)
    {
        var entry = Entry(type, name, 0x1A4);
        change?.Invoke(entry);
        return Add(entry);
    }

    private TarBuilder AddLink(TarEntryType type, string name, string target)
    {
        var entry = Entry(type, name, type == TarEntryType.HardLink ? 0x1A4 : 0x1FF);
        entry.LinkName = target;
        return Add(entry);
    }

    private TarBuilder Add(TarEntry entry)
    {
        _writer.WriteEntry(entry);
        return this;
    }

    private TarEntry Entry(TarEntryType type, string name, int mode)
    {
        TarEntry entry = _format switch
        {
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            _ => new UstarTarEntry(type, name),
        };
        entry.Mode = (UnixFileMode)mode;
        entry.ModificationTime = Time;
        return entry;
    }
}
