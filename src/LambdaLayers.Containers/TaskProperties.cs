using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>MSBuild properties that travel to a task as items: the name as identity, the value as metadata Value.</summary>
internal static class TaskProperties
{
    /// <summary>Reads a property; empty when it is not among the items.</summary>
    public static Func<string, string> Reader(ITaskItem[] items)
    {
        var values = items.ToDictionary(x => x.ItemSpec, x => x.GetMetadata("Value"), StringComparer.OrdinalIgnoreCase);
        return name => values.GetValueOrDefault(name, "");
    }
}
