namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>The two families of media types; one image never mixes them.</summary>
public enum ImageFamily
{
    /// <summary>Docker Image Manifest V2, Schema 2: what AWS's base images are.</summary>
    Docker,

    /// <summary>OCI image specification 1.</summary>
    Oci,
}
