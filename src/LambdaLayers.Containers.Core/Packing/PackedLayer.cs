using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>What a layer packed to; enough to describe an image without the layer's bytes.</summary>
/// <param name="Digest">Of the gzip-compressed blob.</param>
/// <param name="DiffId">Of the uncompressed tar.</param>
/// <param name="Size">Bytes of the compressed blob.</param>
/// <param name="Facts">What later checks need to know about the content.</param>
internal sealed record PackedLayer(Digest Digest, Digest DiffId, long Size, LayerFacts Facts) : ICacheMapping
{
    IEnumerable<(Digest? Digest, long Size)> ICacheMapping.Blobs => [(Digest, Size)];
}
