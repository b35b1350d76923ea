using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Folders;

/// <summary>A file of a folder, which must be the same from the listing to its last byte.</summary>
internal sealed class FolderFileStream : CheckedContentStream
{
    private readonly string _name;
    private readonly FileStream _file;
    private readonly DateTime _written;

    private FolderFileStream(string name, FileStream file, long size, DateTime written)
        : base(file, size, null)
    {
        _name = name;
        _file = file;
        _written = written;
    }

    /// <summary>Opens the file as it was listed, with <paramref name="size"/> and last write time.</summary>
    public static FolderFileStream Open(string path, string name, long size, DateTime written)
    {
        try
        {
            return new FolderFileStream(name, Unbuffered(path), size, written);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FolderErrors.FileUnreadable(name, e);
        }
    }

    // Reads are large, or all there is to read.
    private static FileStream Unbuffered(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    protected override LayersException WrongSize(long? actual) => PackingErrors.FileChanged(_name);

    protected override LayersException WrongChecksum() => PackingErrors.FileChanged(_name);

    protected override LayersException Unreadable(Exception cause) => FolderErrors.FileUnreadable(_name, cause);

    protected override void AtEnd()
    {
        if (File.GetLastWriteTimeUtc(_file.SafeFileHandle) != _written)
            throw PackingErrors.FileChanged(_name);
    }
}
