namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Media types of the two families, spelled out here so that tests do not lean on the engine's own table.</summary>
public static class MediaTypes
{
    public static string Manifest(ImageFamily family) => family == ImageFamily.Docker
        ? "application/vnd.docker.distribution.manifest.v2+json"
        : "application/vnd.oci.image.manifest.v1+json";

    public static string Index(ImageFamily family) => family == ImageFamily.Docker
        ? "application/vnd.docker.distribution.manifest.list.v2+json"
        : "application/vnd.oci.image.index.v1+json";

    public static string Config(ImageFamily family) => family == ImageFamily.Docker
        ? "application/vnd.docker.container.image.v1+json"
        : "application/vnd.oci.image.config.v1+json";

    public static string Layer(ImageFamily family) => family == ImageFamily.Docker
        ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
        : "application/vnd.oci.image.layer.v1.tar+gzip";
}
