using LambdaLayers.Containers.Core.Content;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>
/// The files of a zip, read where they are: the central directory and all local headers when it is opened, content only
/// when asked for. Streams of several entries may be read at once, until the tree is disposed.
/// </summary>
internal static class ZipTree
{
    /// <summary>Opens the zip at <paramref name="path"/>. Throws LLC30xx for what docs/diagnostics.md lists there.</summary>
    public static LayerTree Open(string path, Limits? limits = null)
    {
        var file = OpenFile(path);
        try
        {
            var budget = new LayerBudget(limits ?? Limits.Default);
            var records = ZipDirectory.Read(file, ZipEnd.Find(file), budget);
            return new LayerTree(Read(records, budget, RandomAccess.GetLength(file)), file);
        }
        catch (IOException e)
        {
            file.Dispose();
            throw ZipErrors.ZipUnreadable(path, e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static List<LayerEntry> Read(List<ZipRecord> records, LayerBudget budget, long length)
    {
        var indices = new Dictionary<string, int>(records.Count, StringComparer.Ordinal);
        var entries = new List<LayerEntry>(records.Count);
        foreach (var record in records)
        {
            var entry = ZipEntryReader.Read(record);
            budget.AddContent(entry, length);
            if (entry.Path.Length == 0)
                continue; // "./": the root is the target folder, whose mode is ours
            if (indices.TryAdd(entry.Path, entries.Count))
                entries.Add(entry);
            else
                entries[indices[entry.Path]] = Second(entries[indices[entry.Path]], entry);
        }

        return entries;
    }

    // Tools that append list a folder again. Of two files some readers take the first, some the last, some neither.
    private static LayerEntry Second(LayerEntry earlier, LayerEntry entry) => (earlier.Kind, entry.Kind) switch
    {
        (EntryKind.Directory, EntryKind.Directory) => entry,
        (EntryKind.Directory, _) or (_, EntryKind.Directory) => throw PackingErrors.FileIsAlsoFolder(entry.Path, entry.Path),
        _ => throw ZipErrors.DuplicateEntry(entry.Path),
    };

    private static SafeFileHandle OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw ZipErrors.ZipIsFolder(path);
        try
        {
            RegularFile.Demand(path);
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ZipErrors.ZipNotFound(path);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw ZipErrors.ZipUnreadable(path, e);
        }
    }
}
