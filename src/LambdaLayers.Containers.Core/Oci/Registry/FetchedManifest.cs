using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A manifest or index as it came, checked against the digest it was asked for by.</summary>
/// <param name="MediaType">One of <see cref="MediaTypes.Manifests"/>.</param>
/// <param name="Digest">Computed from <paramref name="Bytes"/>.</param>
internal sealed record FetchedManifest(string MediaType, Digest Digest, ReadOnlyMemory<byte> Bytes)
{
    public bool IsIndex => MediaTypes.IsIndex(MediaType);
}
