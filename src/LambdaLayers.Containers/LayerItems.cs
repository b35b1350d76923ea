using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Between <c>LambdaLayer</c> task items and the engine's.</summary>
internal static class LayerItems
{
    /// <summary>Reads the items in their order; the first that cannot be meant throws, attributed to it.</summary>
    public static IReadOnlyList<LayerItem> Parse(ITaskItem[] items, string projectDirectory) =>
        [.. items.Select(item => LayerItemParser.Parse(new LayerItemInput(
            // The evaluated spelling: MSBuild escapes some characters of ItemSpec only inside.
            new ItemOrigin(item.ItemSpec, item.GetMetadata("DefiningProjectFullPath")),
            projectDirectory,
            item.GetMetadata)))];
}
