using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Between <c>LambdaLayer</c> task items and the engine's.</summary>
internal static class LayerItems
{
    /// <summary>Reads the items in their order; the first that cannot be meant throws, attributed to it.</summary>
    /// <param name="items">The task items.</param>
    /// <param name="projectDirectory">Absolute; where relative Includes start.</param>
    /// <param name="buildDirectory">Absolute; where layers are built. Empty for a task that needs none of those.</param>
    public static IReadOnlyList<LayerItem> Parse(
        ITaskItem[] items, string projectDirectory, string buildDirectory = "") =>
        [.. items.Select(item => Parse(item, projectDirectory, buildDirectory))];

    private static LayerItem Parse(ITaskItem item, string projectDirectory, string buildDirectory) =>
        LayerItemParser.Parse(new LayerItemInput(
            // The evaluated spelling: MSBuild escapes some characters of ItemSpec only inside.
            new ItemOrigin(item.ItemSpec, item.GetMetadata("DefiningProjectFullPath")),
            projectDirectory,
            item.GetMetadata)
        {
            BuildDirectory = buildDirectory.Length == 0 ? null : buildDirectory,
        });
}
