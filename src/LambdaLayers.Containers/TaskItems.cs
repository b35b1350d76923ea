using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>Items that are names with a metadata Value.</summary>
internal static class TaskItems
{
    /// <summary>Names and values; of a name that is there twice the last counts.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(ITaskItem[] items) =>
        [.. items.GroupBy(x => x.ItemSpec, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Last().GetMetadata("Value")))];
}

/// <summary>Task items whose text means itself: MSBuild would take some characters for escapes, lists or wildcards.</summary>
internal static class LiteralItems
{
    // https://learn.microsoft.com/visualstudio/msbuild/msbuild-special-characters
    private const string Special = "%*?@$();'";

    public static TaskItem Create(string itemSpec) => new(string.Concat(itemSpec.Select(Escape)));

    /// <summary>Sets metadata literally.</summary>
    public static TaskItem With(this TaskItem item, string name, string value)
    {
        ((ITaskItem2)item).SetMetadataValueLiteral(name, value);
        return item;
    }

    private static string Escape(char c) => Special.Contains(c, StringComparison.Ordinal)
        ? "%" + ((int)c).ToString("X2", CultureInfo.InvariantCulture)
        : c.ToString();
}
