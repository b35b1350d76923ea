using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// Sees to it that a hard link comes after the file it names: of all names of one file the first in the layer's order
/// gets the content, and the others become links to that one.
/// </summary>
internal static class HardLinks
{
    /// <summary>Rewrites the links in <paramref name="sorted"/>. Throws LLC3062 for a link to nothing or to no file.</summary>
    public static void Resolve(
        PlacedEntry[] sorted, IReadOnlyDictionary<string, PlacedEntry> placed, string target)
    {
        // File path -> path of the name that carries the content.
        var carriers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in sorted)
        {
            if (link.Kind != EntryKind.HardLink)
                continue;
            var file = LayerPlacement.Under(target, link.Source.LinkTarget ?? "");
            if (!placed.TryGetValue(file, out var named) || named.Kind != EntryKind.File)
                throw ContentErrors.HardLinkWithoutFile(link.Source.Path, link.Source.LinkTarget ?? "");
            carriers.TryAdd(file, LayerPath.Compare(link.Path, file) < 0 ? link.Path : file);
        }

        if (carriers.Count == 0)
            return;
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = Rewrite(sorted[i], placed, carriers, target);
    }

    private static PlacedEntry Rewrite(
        PlacedEntry entry, IReadOnlyDictionary<string, PlacedEntry> placed, Dictionary<string, string> carriers, string target)
    {
        var isLink = entry.Kind == EntryKind.HardLink;
        var file = isLink ? LayerPlacement.Under(target, entry.Source.LinkTarget!) : entry.Path;
        if (!carriers.TryGetValue(file, out var carrier))
            return entry;
        if (entry.Path != carrier)
            return new PlacedEntry(entry.Path, new LayerEntry(entry.Source.Path, EntryKind.HardLink)) { LinkTarget = carrier };
        return isLink ? new PlacedEntry(entry.Path, placed[file].Source) : entry;
    }
}
