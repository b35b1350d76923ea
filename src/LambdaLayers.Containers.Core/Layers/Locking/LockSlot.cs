namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Tells apart what one entry packs to: each slot holds one packed layer, a newer one replaces it.</summary>
/// <param name="TargetPath">The folder in the image that receives the layer.</param>
internal sealed record LockSlot(string TargetPath)
{
    /// <summary>Such as <c>linux/arm64</c>, for sources that differ between platforms; null for the others.</summary>
    public string? Platform { get; init; }

    /// <summary>The folder that is taken out of an image; null for other sources.</summary>
    public string? SourcePath { get; init; }
}
