using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing.Folders;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// The files of a zip, read where they are: the central directory and all local headers when it is opened, content only
/// when asked for. Streams of several entries may be read at once, until the tree is disposed.
/// </summary>
internal static class ZipTree
{
    /// <summary>Opens the zip at <paramref name="path"/>. Throws LLC30xx for what docs/diagnostics.md lists there.</summary>
    public static LayerTree Open(string path, PackLimits? limits = null)
    {
        limits ??= PackLimits.Default;
        var file = OpenFile(path);
        try
        {
            var end = ZipEnd.Find(file);
            var records = ZipDirectory.Read(file, end, limits);
            var tree = Read(file, records, LocalHeaders.Locate(file, records, end.Offset));
            limits.Check(tree.Entries);
            return tree;
        }
        catch (IOException e)
        {
            file.Dispose();
            throw ContentErrors.ZipUnreadable(path, e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static LayerTree Read(SafeFileHandle file, List<ZipRecord> records, long[] offsets)
    {
        var entries = new Dictionary<string, LayerEntry>(records.Count, StringComparer.Ordinal);
        var (duplicates, first) = (0, "");
        for (var i = 0; i < records.Count; i++)
        {
            var entry = WithContent(file, ZipEntryReader.Read(records[i]), records[i], offsets[i]);
            if (entry.Path.Length == 0)
                continue; // "./": the root is the target folder, whose mode is ours
            if (entries.TryGetValue(entry.Path, out var earlier) && !AreSameFolder(earlier, entry) && duplicates++ == 0)
                first = entry.Path;
            entries[entry.Path] = entry;
        }

        return new LayerTree([.. entries.Values], file)
        {
            Warnings = duplicates == 0 ? [] : [ContentErrors.DuplicateEntries(duplicates, first)],
        };
    }

    private static SafeFileHandle OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw ContentErrors.ZipIsFolder(path);
        if (UnixFileType.SpecialBehind(path) is { } special)
            throw ContentErrors.ZipUnreadable(path, new IOException($"It is a {special}, not a file."));
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ContentErrors.ZipNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ContentErrors.ZipUnreadable(path, e);
        }
    }

    private static LayerEntry WithContent(SafeFileHandle file, LayerEntry entry, ZipRecord record, long offset)
    {
        var open = () => ZipEntryStream.Open(record, new FileSlice(file, offset, record.CompressedSize));
        return entry.Kind switch
        {
            EntryKind.File => entry with { Open = open },
            EntryKind.SymbolicLink => entry with { LinkTarget = ReadTarget(record, open) },
            _ => entry,
        };
    }

    private static string ReadTarget(ZipRecord record, Func<Stream> open)
    {
        if (record.Size is 0 or > PackLimits.PathBytes)
            throw ContentErrors.LinkTargetIsInvalid(record.Name);
        var target = new byte[record.Size];
        using var content = open();
        content.ReadExactly(target);
        return LinkTarget.Decode(target, record.Name);
    }

    // A folder may be listed again (tools that append do so); a name that is a folder and something else is an attack.
    private static bool AreSameFolder(LayerEntry earlier, LayerEntry entry)
    {
        if (earlier.Kind == EntryKind.Directory != (entry.Kind == EntryKind.Directory))
            throw ContentErrors.FileIsAlsoFolder(entry.Path, entry.Path);
        return entry.Kind == EntryKind.Directory;
    }
}
