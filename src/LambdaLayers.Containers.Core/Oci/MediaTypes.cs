namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// Media types of image documents and layers (https://github.com/opencontainers/image-spec/blob/main/media-types.md,
/// https://github.com/distribution/distribution/blob/main/docs/content/spec/manifest-v2-2.md).
/// </summary>
internal static class MediaTypes
{
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    public const string OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    public const string OciForeignLayerZstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";

    private static readonly (string Docker, string Oci)[] Pairs =
    [
        (DockerManifest, OciManifest),
        (DockerManifestList, OciIndex),
        (DockerConfig, OciConfig),
        (DockerLayer, OciLayer),
        (DockerLayerGzip, OciLayerGzip),
        (DockerLayerZstd, OciLayerZstd),
        (DockerForeignLayerGzip, OciForeignLayerGzip),
    ];

    /// <summary>What a manifest request accepts, the most telling first.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, DockerManifestList, OciManifest, DockerManifest];

    /// <summary>Whether it is a manifest of one image.</summary>
    public static bool IsManifest(string? mediaType) => mediaType is OciManifest or DockerManifest;

    /// <summary>Whether it is an index (OCI) or manifest list (Docker).</summary>
    public static bool IsIndex(string? mediaType) => mediaType is OciIndex or DockerManifestList;

    /// <summary>Whether it is the retired schema 1, signed or not.</summary>
    public static bool IsSchema1(string? mediaType) =>
        mediaType?.StartsWith("application/vnd.docker.distribution.manifest.v1+", StringComparison.Ordinal) == true;

    /// <summary>Whether it is the configuration of a runnable image, not of some artefact.</summary>
    public static bool IsConfig(string? mediaType) => mediaType is OciConfig or DockerConfig;

    /// <summary>Whether it is a file system layer in any compression, foreign ones included.</summary>
    public static bool IsLayer(string? mediaType) => mediaType
        is DockerLayer or DockerLayerGzip or DockerLayerZstd or DockerForeignLayerGzip
        or OciLayer or OciLayerGzip or OciLayerZstd or OciForeignLayer or OciForeignLayerGzip or OciForeignLayerZstd;

    /// <summary>The gzip layer type of a family; the only one that Lambda is known to take in both.</summary>
    public static string GzipLayer(ManifestFamily family) =>
        family is ManifestFamily.Docker ? DockerLayerGzip : OciLayerGzip;

    /// <summary>The manifest type of a family.</summary>
    public static string Manifest(ManifestFamily family) =>
        family is ManifestFamily.Docker ? DockerManifest : OciManifest;

    /// <summary>The index type of a family.</summary>
    public static string Index(ManifestFamily family) =>
        family is ManifestFamily.Docker ? DockerManifestList : OciIndex;

    /// <summary>The config type of a family.</summary>
    public static string Config(ManifestFamily family) =>
        family is ManifestFamily.Docker ? DockerConfig : OciConfig;

    /// <summary>The same kind of document or layer in a family's own words; what a family has no word for stays.</summary>
    public static string In(ManifestFamily family, string mediaType)
    {
        var pair = Pairs.FirstOrDefault(p => p.Docker == mediaType || p.Oci == mediaType);
        return pair == default ? mediaType : family is ManifestFamily.Docker ? pair.Docker : pair.Oci;
    }

    /// <summary>The family that a manifest or index type belongs to.</summary>
    public static ManifestFamily Family(string mediaType) =>
        mediaType is DockerManifest or DockerManifestList ? ManifestFamily.Docker : ManifestFamily.Oci;
}

/// <summary>The two dialects of image documents; one image speaks only one of them.</summary>
internal enum ManifestFamily
{
    /// <summary>Docker image manifest, version 2, schema 2; what AWS's base images are.</summary>
    Docker,

    /// <summary>OCI image format.</summary>
    Oci,
}
