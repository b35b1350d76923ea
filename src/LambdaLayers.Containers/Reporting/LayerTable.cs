using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Reporting;

/// <summary>What the targets for layers print.</summary>
internal static class LayerTable
{
    private static readonly string[] Heads = ["Layer", "Resolved", "Target", "Platform", "Size", "Newer"];

    /// <summary>The line that ends a restore.</summary>
    public static string Restored(IReadOnlyList<(Platform Platform, Layer Layer)> layers)
    {
        var distinct = layers.Select(l => l.Layer).DistinctBy(l => l.Digest).ToList();
        return $"{distinct.Count} {(distinct.Count == 1 ? "layer is" : "layers are")} in the cache, "
            + $"{ImageSummary.Size(distinct.Sum(p => p.Size))}.";
    }

    /// <summary>
    /// A table of all items in their order, a row for each platform that gets another layer; items that a publish makes
    /// first (projects, BuildCommands) have no digest yet.
    /// </summary>
    public static IEnumerable<string> Rows(
        IReadOnlyList<LayerItem> items,
        IReadOnlyList<(Platform Platform, Layer Layer)> layers,
        IReadOnlyDictionary<string, string> newer)
    {
        var known = layers.ToLookup(l => l.Layer.Origin.Item!, ReferenceEqualityComparer.Instance);
        var rows = items
            .SelectMany(item => known[item.Origin].GroupBy(l => l.Layer.Digest)
                .Select(g => Row(g.First().Layer, string.Join(", ", g.Select(l => l.Platform.ToString())), newer))
                .DefaultIfEmpty([item.Origin.DisplayName, "made by the publish", item.TargetPath, item.OnlyFor?.DotnetArchitecture ?? "",
                    "", ""]))
            .ToList();
        return rows.Count == 0 ? ["The project has no LambdaLayer items."] : Align([Heads, .. rows]);
    }

    /// <summary>Before and after of an update, then what is newer but pinned by the project.</summary>
    public static IEnumerable<string> Changes(IReadOnlyList<string> changes, IReadOnlyDictionary<string, string> newer)
    {
        foreach (var change in changes)
            yield return "  " + change;
        if (changes.Count == 0)
            yield return "Nothing has changed: the lock file is up to date.";
        foreach (var (include, version) in newer)
            yield return $"  {include} has a newer version: {version}. Change its Include to take it.";
    }

    private static string[] Row(Layer layer, string platforms, IReadOnlyDictionary<string, string> newer)
    {
        var name = layer.Origin.Item!.DisplayName;
        var resolved = layer.Origin.Resolved is { } text && text != name ? text : layer.Digest.Short;
        return
        [
            name, resolved, layer.Origin.TargetPath, platforms, ImageSummary.Size(layer.Size),
            newer.GetValueOrDefault(name, ""),
        ];
    }

    private static IEnumerable<string> Align(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, Heads.Length).Select(i => rows.Max(r => r[i].Length)).ToList();
        return rows.Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
