namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// The label with the true base's digest. It goes into the virtual base's own config: the SDK would write our virtual
/// base's digest, and cuts label values at the colon when it publishes for several runtime identifiers.
/// </summary>
internal static class BaseDigestLabel
{
    /// <summary>https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys.</summary>
    public const string Name = "org.opencontainers.image.base.digest";
}
