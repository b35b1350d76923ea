using System.Globalization;
using LambdaLayers.Containers.Core.Oci;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>What tasks tell about a layer of an image.</summary>
internal static class LayerReport
{
    /// <summary>
    /// An item with metadata Platform, TargetPath, Resolved, Files, UncompressedSize, Size, Digest, DiffId, Cached.
    /// </summary>
    public static TaskItem Describe(Image image, Layer layer)
    {
        var facts = layer.Facts;
        var item = new TaskItem(layer.Origin.DisplayName);
        item.SetMetadata("Platform", image.Platform.ToString());
        item.SetMetadata("TargetPath", layer.Origin.TargetPath);
        item.SetMetadata("Resolved", layer.Origin.Source);
        item.SetMetadata("Files", facts.Files.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("UncompressedSize", facts.UncompressedSize.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("Size", layer.Size.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("Digest", layer.Digest.ToString());
        item.SetMetadata("DiffId", layer.DiffId.ToString());
        item.SetMetadata("Cached", layer.Origin.FromCache ? "true" : "false");
        return item;
    }
}
