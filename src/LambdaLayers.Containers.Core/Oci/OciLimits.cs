namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// What a registry may make us read. Each is far above what real images have, and low enough that a hostile registry
/// cannot exhaust memory or disk.
/// </summary>
internal static class OciLimits
{
    /// <summary>
    /// Bytes of a manifest or index; registries must take 4 MiB and refuse more (distribution spec, "Pushing
    /// Manifests").
    /// </summary>
    public const int ManifestBytes = 4 << 20;

    /// <summary>Bytes of an image configuration.</summary>
    public const int ConfigBytes = 4 << 20;

    /// <summary>Entries of an index.</summary>
    public const int IndexEntries = 1024;

    /// <summary>Layers of one image; container engines stop at 127.</summary>
    public const int Layers = 512;

    /// <summary>Nesting of JSON.</summary>
    public const int JsonDepth = 32;

    /// <summary>Bytes of one layer blob: Lambda's limit for a whole uncompressed image.</summary>
    public const long BlobBytes = 10L << 30;

    /// <summary>Bytes of a token service's answer.</summary>
    public const int TokenBytes = 1 << 20;

    /// <summary>Bytes of an error answer that are looked at.</summary>
    public const int ErrorBytes = 64 << 10;
}
