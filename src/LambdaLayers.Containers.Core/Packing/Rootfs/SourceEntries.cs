using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>What an image holds under one path, as checked layer entries that do not have their content yet.</summary>
internal static class SourceEntries
{
    private const int ShownHints = 20;
    private const int HintDepth = 6;

    /// <summary>
    /// Lists a folder's content, or a single file under its own name. Throws LLC3200 when nothing is there, and for what
    /// is there the errors of every layer's names and kinds.
    /// </summary>
    public static IReadOnlyList<(LayerEntry Entry, FileContent? Content)> Of(
        ImageFileSystem image, string sourcePath, Limits limits)
    {
        var node = image.Find(sourcePath);
        if (node is null or { IsFolder: true, Entries.Count: 0 })
            throw RootfsErrors.NothingUnderSourcePath(sourcePath, TopLevel(image), WithExtensions(image));
        var list = new List<(LayerEntry, FileContent?)>();
        var budget = new LayerBudget(limits);
        var firstNames = new Dictionary<FileNode, string>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(FileNode Node, string Path)>();
        if (node.IsFolder)
            PushEntries(node, "", pending);
        else
            pending.Push((node, sourcePath[(sourcePath.LastIndexOf('/') + 1)..]));
        while (pending.TryPop(out var next))
        {
            var (entry, content) = EntryOf(next.Node, LayerPath.Check(next.Path), firstNames);
            budget.Add(entry.Path, entry.LinkTarget, entry.Size);
            list.Add((entry, content));
            PushEntries(next.Node, next.Path + "/", pending);
        }

        return list;
    }

    private static void PushEntries(FileNode folder, string prefix, Stack<(FileNode, string)> pending)
    {
        foreach (var (name, entry) in folder.Entries.OrderByDescending(n => n.Key, StringComparer.Ordinal))
            pending.Push((entry.Node, prefix + name));
    }

    private static (LayerEntry Entry, FileContent? Content) EntryOf(
        FileNode node, string path, Dictionary<FileNode, string> firstNames)
    {
        if (node.Refusal is { } refusal)
            throw refusal(path);
        var entry = new LayerEntry(path, node.Kind) { Mode = node.Mode, Modified = TimeOf(node.UnixTime) };
        if (node.Kind == EntryKind.SymbolicLink)
            return (entry with { LinkTarget = LinkTarget.Check(node.Target, path), Mode = null }, null);
        if (node.Content is null)
            return (entry, null);
        // The other names of a file whose first name lies outside the layer get its content all the same.
        return firstNames.TryAdd(node, path)
            ? (entry with { Size = node.Content.Size }, node.Content)
            : (entry with { Kind = EntryKind.HardLink, LinkTarget = firstNames[node] }, null);
    }

    private static DateTimeOffset? TimeOf(long? seconds) => seconds is null
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds.Value, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    // Where in the image the user could have meant to look: the first names in its root, sorted.
    private static List<string> TopLevel(ImageFileSystem image) =>
        [.. image.Find("/")!.Entries.Keys.Select(n => "/" + n).Order(StringComparer.Ordinal).Take(ShownHints)];

    // Folders that hold a folder "extensions" with something in it: they look like a layer's root.
    private static List<string> WithExtensions(ImageFileSystem image)
    {
        var found = new List<string>();
        Search(image.Find("/")!, "", found, 0);
        return found;
    }

    private static void Search(FileNode folder, string path, List<string> found, int depth)
    {
        foreach (var (name, entry) in folder.Entries.OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            if (found.Count == ShownHints || depth > HintDepth || !entry.Node.IsFolder)
                continue;
            if (name == "extensions" && path.Length > 0
                && entry.Node.Entries.Values.Any(f => f.Node.Kind == EntryKind.File))
                found.Add(path);
            Search(entry.Node, $"{path}/{name}", found, depth + 1);
        }
    }
}
