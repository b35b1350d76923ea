using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing.Folders;

/// <summary>
/// The files of a folder on disk. Symbolic links stay links and are never followed. The same files give the same layer
/// on every system and under every umask: of the modes only the owner's execute bit counts, as in git, and where it is
/// not set the content decides, as for a zip without modes; times are the default one.
/// </summary>
internal sealed class DirectoryTree
{
    private const int Executable = 0b111_101_101; // 0755

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

    private readonly LayerBudget _budget;
    private readonly FilePatterns _exclude;
    private readonly List<LayerEntry> _entries = [];

    private DirectoryTree(Limits limits, FilePatterns exclude) => (_budget, _exclude) = (new LayerBudget(limits), exclude);

    /// <summary>Lists the folder at <paramref name="path"/>. Throws LLC305x to LLC308x for what cannot be a layer.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="limits">How much a layer may be; null for Lambda's.</param>
    /// <param name="exclude">What stays out, and is not looked into; null for nothing.</param>
    public static LayerTree Open(string path, Limits? limits = null, FilePatterns? exclude = null)
    {
        if (File.Exists(path))
            throw FolderErrors.FolderIsFile(path);
        if (!Directory.Exists(path))
            throw FolderErrors.FolderNotFound(path);
        var tree = new DirectoryTree(limits ?? Limits.Default, exclude ?? FilePatterns.None);
        tree.List(new DirectoryInfo(path));
        // File systems list in any order; what is seen first here decides which error is told, so it is sorted too.
        tree._entries.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new LayerTree(tree._entries);
    }

    private void List(DirectoryInfo root)
    {
        var pending = new Stack<(DirectoryInfo Folder, string Path)>([(root, "")]);
        while (pending.TryPop(out var next))
        {
            foreach (var info in Children(next.Folder, next.Path))
            {
                var name = next.Path.Length == 0 ? info.Name : $"{next.Path}/{info.Name}";
                if (_exclude.Excludes(name))
                    continue;
                var entry = EntryOf(info, name);
                _entries.Add(entry);
                _budget.Add(entry.Path, entry.LinkTarget, entry.Size);
                if (entry.Kind == EntryKind.Directory)
                    pending.Push(((DirectoryInfo)info, entry.Path));
            }
        }
    }

    private static List<FileSystemInfo> Children(DirectoryInfo folder, string name)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Everything).OrderBy(i => i.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FolderErrors.FileUnreadable(name.Length == 0 ? folder.FullName : name, e);
        }
    }

    private static LayerEntry EntryOf(FileSystemInfo info, string name)
    {
        var path = LayerPath.Check(name);
        try
        {
            if (info.LinkTarget is { } target)
                return new LayerEntry(path, EntryKind.SymbolicLink) { LinkTarget = TargetOf(target, name) };
            return info is FileInfo file ? FileOf(file, path) : new LayerEntry(path, EntryKind.Directory);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FolderErrors.FileUnreadable(name, e);
        }
    }

    private static LayerEntry FileOf(FileInfo file, string path)
    {
        if (UnixFileType.Special(file.FullName) is { } special)
            throw PackingErrors.EntryIsSpecial(path, special);
        var (size, written, full) = (file.Length, file.LastWriteTimeUtc, file.FullName);
        return new LayerEntry(path, EntryKind.File)
        {
            Mode = IsExecutable(file) ? Executable : null,
            Size = size,
            Open = () => FolderFileStream.Open(full, path, size, written),
        };
    }

    private static bool IsExecutable(FileInfo file) =>
        !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);

    private static string TargetOf(string target, string name)
    {
        if (!OperatingSystem.IsWindows())
            return LinkTarget.Check(target, name);
        if (Path.IsPathRooted(target) && !target.StartsWith('/'))
            throw FolderErrors.LinkLeavesForWindows(name, target);
        return LinkTarget.Check(target.Replace('\\', '/'), name);
    }
}
