using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>A manifest or index that the loopback registry serves, byte for byte.</summary>
internal sealed record ServedManifest(string MediaType, byte[] Content)
{
    public Digest Digest { get; } = Digest.Of(Content);
}
