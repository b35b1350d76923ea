using System.Globalization;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>What tasks tell about a layer of an image.</summary>
internal static class LayerReport
{
    /// <summary>
    /// An item with metadata Platform, TargetPath, Resolved, Files, UncompressedSize, Size, Digest, DiffId, Cached.
    /// </summary>
    public static TaskItem Describe(ComposedImage image, Layer layer)
    {
        var facts = layer.Packed.Facts;
        var item = new TaskItem(layer.Item.Origin.DisplayName);
        item.SetMetadata("Platform", image.Base.Platform.ToString());
        item.SetMetadata("TargetPath", layer.Item.TargetPath);
        item.SetMetadata("Resolved", layer.ResolvedName ?? layer.Item.PortableName);
        item.SetMetadata("Files", facts.Files.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("UncompressedSize", facts.UncompressedSize.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("Size", layer.Packed.Size.ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("Digest", layer.Packed.Digest.ToString());
        item.SetMetadata("DiffId", layer.Packed.DiffId.ToString());
        item.SetMetadata("Cached", layer.FromCache ? "true" : "false");
        return item;
    }
}
