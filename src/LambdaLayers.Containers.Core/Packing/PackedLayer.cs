using System.Text.Json.Serialization;
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

/// <summary>Blobs that an item becomes as they are; none when it must be packed.</summary>
internal sealed record PackedLayers(IReadOnlyList<PackedLayer> Blobs) : ICacheMapping
{
    // A list out of a file may hold nulls, whatever its type says.
    IEnumerable<(Digest? Digest, long Size)> ICacheMapping.Blobs =>
        Blobs.Select(blob => ((Digest?)blob?.Digest, blob?.Size ?? 0));
}

/// <summary>How packed layers are written into the cache.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter)])]
[JsonSerializable(typeof(PackedLayer))]
[JsonSerializable(typeof(PackedLayers))]
internal sealed partial class PackingJson : JsonSerializerContext;
