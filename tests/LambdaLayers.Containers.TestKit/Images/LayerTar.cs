using System.Formats.Tar;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Writes a layer's tar: GNU format, root's, one fixed time, parent folders before their children.</summary>
public sealed class LayerTar(Stream stream) : IDisposable
{
    private static readonly DateTimeOffset Time = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TarWriter _writer = new(stream, TarEntryFormat.Gnu, leaveOpen: true);
    private readonly HashSet<string> _known = [];

    /// <summary>A folder and those above it (0755) that the layer does not have yet.</summary>
    public LayerTar Folder(string path, int mode = 0b111_101_101)
    {
        AddParents(path);
        if (_known.Add(path))
        {
            Write(new GnuTarEntry(TarEntryType.Directory, path + "/"), mode);
        }

        return this;
    }

    public LayerTar File(string path, string text, int mode = 0b110_100_100) =>
        File(path, Encoding.UTF8.GetBytes(text), mode);

    public LayerTar File(string path, byte[] content, int mode = 0b110_100_100)
    {
        AddParents(path);
        using var data = new MemoryStream(content);
        Write(new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = data }, mode);
        return this;
    }

    /// <summary>An executable file (0755).</summary>
    public LayerTar Program(string path, string text) => File(path, text, 0b111_101_101);

    public LayerTar Symlink(string path, string target)
    {
        AddParents(path);
        Write(new GnuTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target }, 0b111_111_111);
        return this;
    }

    public LayerTar HardLink(string path, string target)
    {
        AddParents(path);
        Write(new GnuTarEntry(TarEntryType.HardLink, path) { LinkName = target }, 0b110_100_100);
        return this;
    }

    public void Dispose() => _writer.Dispose();

    private void AddParents(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_known.Add(path[..slash]))
            {
                Write(new GnuTarEntry(TarEntryType.Directory, path[..(slash + 1)]), 0b111_101_101);
            }
        }
    }

    private void Write(GnuTarEntry entry, int mode)
    {
        entry.Mode = (UnixFileMode)mode;
        entry.ModificationTime = Time;
        entry.AccessTime = Time;
        entry.ChangeTime = Time;
        _writer.WriteEntry(entry);
    }
}
