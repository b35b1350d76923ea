using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Tells apart what one entry packs to: each slot holds one packed layer, a newer one replaces it.</summary>
/// <param name="TargetPath">The folder in the image that receives the layer.</param>
internal sealed record LockSlot(string TargetPath)
{
    /// <summary>Such as <c>linux/arm64</c>, for sources that differ between platforms; null for the others.</summary>
    public string? Platform { get; init; }

    /// <summary>The folder that is taken out of an image; null for other sources.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The slot that belongs to what an item resolved to.</summary>
    public static LockSlot Of(ResolvedLayer resolved, PackOptions options) => new(options.TargetPath)
    {
        Platform = resolved.LockPlatform,
        SourcePath = resolved.Item.Kind == LayerKind.Image ? resolved.Item.SourcePath : null,
    };
}
