using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Puts a tree's entries under the target folder, gives every parent folder an entry of its own (Lambda refuses a
/// layer without them) and sorts by <see cref="LayerPath.Compare"/>, so that a folder comes first, then all that is in
/// it. Of all names of one file the first in that order gets the content, and the others become hard links to it.
/// </summary>
internal sealed class LayerPlacement
{
    private readonly string _target;
    private readonly Dictionary<string, LayerEntry> _placed;
    private readonly LayerBudget _budget;

    private LayerPlacement(string target, int count, LayerBudget budget)
    {
        (_target, _budget) = (target, budget);
        _placed = new Dictionary<string, LayerEntry>(count + 16, StringComparer.Ordinal);
    }

    /// <summary>
    /// The layer's entries in the order in which they are written, with their paths in the image. Throws LLC3058 for an
    /// entry below a symbolic link, LLC3059 below a file, LLC3062 for a hard link to nothing, LLC3070 to LLC3073 for
    /// more entries and names than the limits allow, with the folders that are made.
    /// </summary>
    /// <param name="targetPath">Folder in the image, <c>/opt</c> for most layers.</param>
    public static IReadOnlyList<LayerEntry> Place(IReadOnlyList<LayerEntry> entries, string targetPath, Limits? limits = null)
    {
        var target = targetPath.Trim('/') is { Length: > 0 } folder ? LayerPath.Check(folder) : "";
        var placement = new LayerPlacement(target, entries.Count, new LayerBudget(limits ?? Limits.Default));
        foreach (var entry in entries)
            placement.Add(entry);
        return placement.Sorted();
    }

    private void Add(LayerEntry entry)
    {
        var path = Under(entry.Path);
        _budget.Add(path, entry.LinkTarget);
        _placed.Add(path, entry with
        {
            Path = path,
            LinkTarget = entry.Kind == EntryKind.HardLink ? Under(entry.LinkTarget ?? "") : entry.LinkTarget,
        });
    }

    private LayerEntry[] Sorted()
    {
        foreach (var entry in _placed.Values.ToList())
            AddParents(entry);
        if (_target.Length > 0 && !_placed.ContainsKey(_target))
            AddParents(MakeFolder(_target));
        var sorted = _placed.Values.ToArray();
        Array.Sort(sorted, static (a, b) => LayerPath.Compare(a.Path, b.Path));
        ResolveHardLinks(sorted);
        return sorted;
    }

    private string Under(string path) => _target.Length == 0 ? path : $"{_target}/{path}";

    // The other way round, for messages about a layer's own paths.
    private string InLayer(string path) =>
        _target.Length > 0 && path.Length > _target.Length ? path[(_target.Length + 1)..] : path;

    private void AddParents(LayerEntry entry)
    {
        for (var path = LayerPath.Parent(entry.Path); path.Length > 0; path = LayerPath.Parent(path))
        {
            if (!_placed.TryGetValue(path, out var parent))
                MakeFolder(path);
            else if (parent.Kind == EntryKind.SymbolicLink)
                throw PackingErrors.EntryBelowSymlink(InLayer(entry.Path), InLayer(parent.Path));
            else if (parent.Kind != EntryKind.Directory)
                throw PackingErrors.FileIsAlsoFolder(InLayer(entry.Path), InLayer(parent.Path));
            else
                return; // its own parents are seen to in its own turn, or were when it was added
        }
    }

    // An unpacker can only link to a file that is already there, so the links follow the file in the order of writing.
    private void ResolveHardLinks(LayerEntry[] sorted)
    {
        // File path -> path of the name that carries the content.
        var carriers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in sorted.Where(e => e.Kind == EntryKind.HardLink))
        {
            var file = link.LinkTarget!;
            if (!_placed.TryGetValue(file, out var named) || named.Kind != EntryKind.File)
                throw PackingErrors.HardLinkWithoutFile(InLayer(link.Path), InLayer(file));
            carriers.TryAdd(file, LayerPath.Compare(link.Path, file) < 0 ? link.Path : file);
        }

        if (carriers.Count == 0)
            return;
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = Resolved(sorted[i], carriers);
    }

    private LayerEntry Resolved(LayerEntry entry, Dictionary<string, string> carriers)
    {
        var isLink = entry.Kind == EntryKind.HardLink;
        var file = isLink ? entry.LinkTarget! : entry.Path;
        if (!carriers.TryGetValue(file, out var carrier))
            return entry;
        if (entry.Path != carrier)
            return new LayerEntry(entry.Path, EntryKind.HardLink) { LinkTarget = carrier };
        return isLink ? _placed[file] with { Path = entry.Path } : entry;
    }

    private LayerEntry MakeFolder(string path)
    {
        _budget.Add(path);
        return _placed[path] = new LayerEntry(path, EntryKind.Directory);
    }
}
