using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Puts a tree's entries under the target folder, gives every parent folder an entry of its own (Lambda refuses a
/// layer without them) and sorts by <see cref="LayerPath.Compare"/>, so that a folder comes first, then all that is in it.
/// </summary>
internal static class LayerPlacement
{
    /// <summary>
    /// The layer's entries in the order in which they are written. Throws LLC3058 for an entry below a symbolic link,
    /// LLC3059 below a file, LLC3062 for a hard link to nothing.
    /// </summary>
    public static IReadOnlyList<PlacedEntry> Place(IReadOnlyList<LayerEntry> entries, string targetPath)
    {
        var target = targetPath.Trim('/') is { Length: > 0 } folder ? LayerPath.Check(folder) : "";
        var placed = new Dictionary<string, PlacedEntry>(entries.Count + 16, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var path = Under(target, entry.Path);
            placed.Add(path, new PlacedEntry(path, entry));
        }

        foreach (var entry in placed.Values.ToList())
            AddParents(entry, placed);
        if (target.Length > 0 && placed.TryAdd(target, Folder(target)))
            AddParents(placed[target], placed);
        var sorted = placed.Values.ToArray();
        Array.Sort(sorted, static (a, b) => LayerPath.Compare(a.Path, b.Path));
        HardLinks.Resolve(sorted, placed, target);
        return sorted;
    }

    /// <summary>The image path of a layer path.</summary>
    public static string Under(string target, string path) => target.Length == 0 ? path : $"{target}/{path}";

    private static void AddParents(PlacedEntry entry, Dictionary<string, PlacedEntry> placed)
    {
        for (var path = LayerPath.Parent(entry.Path); path.Length > 0; path = LayerPath.Parent(path))
        {
            if (!placed.TryGetValue(path, out var parent))
                placed.Add(path, Folder(path));
            else if (parent.Kind == EntryKind.SymbolicLink)
                throw ContentErrors.EntryBelowSymlink(entry.Source.Path, parent.Source.Path);
            else if (parent.Kind != EntryKind.Directory)
                throw ContentErrors.FileIsAlsoFolder(entry.Source.Path, parent.Source.Path);
            else
                return; // its own parents are seen to in its own turn, or were when it was added
        }
    }

    private static PlacedEntry Folder(string path) => new(path, new LayerEntry(path, EntryKind.Directory));
}
