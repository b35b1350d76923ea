namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// How much of an image is looked through to find a layer in it. What the layer itself may hold is limited by
/// <see cref="PackLimits"/>; the image around it may be one that Lambda would not take.
/// </summary>
internal sealed record ImageLimits
{
    public static readonly ImageLimits Default = new();

    /// <summary>Entries of all layers; each costs about 300 bytes of memory.</summary>
    public int Entries { get; init; } = 2_000_000;

    /// <summary>Bytes of all layers, unpacked. The largest public images (CUDA, models) have some 30 GB.</summary>
    public long UnpackedSize { get; init; } = 64L << 30;

    /// <summary>Limits of the layer that is made.</summary>
    public PackLimits Layer { get; init; } = PackLimits.Default;
}
