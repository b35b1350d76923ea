namespace LambdaLayers.Containers.Core.Oci;

/// <summary>The two dialects of image documents; one image speaks only one of them.</summary>
internal enum ManifestFamily
{
    /// <summary>Docker image manifest, version 2, schema 2; what AWS's base images are.</summary>
    Docker,

    /// <summary>OCI image format.</summary>
    Oci,
}
