using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>How the build's notes are written below the intermediate folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExtensionDescription))]
internal sealed partial class BuiltJson : JsonSerializerContext;
