using System.Text.Json.Serialization;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Packing;

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
