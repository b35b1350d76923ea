using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Items that are names with a metadata Value.</summary>
internal static class TaskItems
{
    /// <summary>Names and values; of a name that is there twice the last counts.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(ITaskItem[] items) =>
        [.. items.GroupBy(x => x.ItemSpec, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Last().GetMetadata("Value")))];
}
