using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>What a locked source packs to: enough to describe an image without the layer's bytes.</summary>
/// <param name="TargetPath">See <see cref="LockSlot"/>.</param>
/// <param name="Packer">Version of the packer that made it, for people; <paramref name="Inputs"/> covers it.</param>
/// <param name="Inputs">The <see cref="LayerPackingKey"/>: of everything that decides the layer's bytes.</param>
/// <param name="Digest">Of the gzip-compressed blob.</param>
/// <param name="DiffId">Of the uncompressed tar.</param>
/// <param name="Size">Bytes of the compressed blob.</param>
/// <param name="Facts">What checks need to know about the content.</param>
internal sealed record LockedLayer(
    string TargetPath, string Packer, Digest Inputs, Digest Digest, Digest DiffId, long Size, LayerFacts Facts)
{
    /// <inheritdoc cref="LockSlot.Platform"/>
    public string? Platform { get; init; }

    /// <inheritdoc cref="LockSlot.SourcePath"/>
    public string? SourcePath { get; init; }

    public static LockedLayer Of(LockSlot slot, string packer, Digest inputs, PackedLayer packed) =>
        new(slot.TargetPath, packer, inputs, packed.Digest, packed.DiffId, packed.Size, packed.Facts)
        {
            Platform = slot.Platform,
            SourcePath = slot.SourcePath,
        };

    public LockSlot Slot() => new(TargetPath) { Platform = Platform, SourcePath = SourcePath };

    public PackedLayer ToPackedLayer() => new(Digest, DiffId, Size, Facts);
}

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
