using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>What an image holds under one path, as checked layer entries that do not have their content yet.</summary>
internal static class SourceEntries
{
    /// <summary>
    /// Lists a folder's content, or a single file under its own name. Throws LLC3200 when nothing is there, and for what
    /// is there the errors of every layer's names and kinds.
    /// </summary>
    public static IReadOnlyList<(LayerEntry Entry, FileContent? Content)> Of(
        ImageFileSystem image, string sourcePath, PackLimits limits)
    {
        var node = image.Find(sourcePath);
        var list = new List<(LayerEntry, FileContent?)>();
        if (node is null or { Names.Count: 0 })
            throw ContentErrors.NothingUnderSourcePath(sourcePath, FolderHints.TopLevel(image), FolderHints.WithExtensions(image));
        var firstNames = new Dictionary<FileNode, string>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(FileNode Node, string Path)>();
        if (node.Names is null)
            pending.Push((node, sourcePath[(sourcePath.LastIndexOf('/') + 1)..]));
        else
            PushNames(node, "", pending);
        while (pending.TryPop(out var next))
        {
            list.Add(EntryOf(next.Node, LayerPath.Check(next.Path), firstNames));
            limits.CheckCount(list.Count);
            if (next.Node.Names is not null)
                PushNames(next.Node, next.Path + "/", pending);
        }

        limits.Check([.. list.Select(e => e.Item1)]);
        return list;
    }

    private static void PushNames(FileNode folder, string prefix, Stack<(FileNode, string)> pending)
    {
        foreach (var (name, file) in folder.Names!.OrderByDescending(n => n.Key, StringComparer.Ordinal))
            pending.Push((file.Node, prefix + name));
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
}
