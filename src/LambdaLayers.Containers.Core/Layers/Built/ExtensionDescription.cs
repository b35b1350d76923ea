using System.Text.Json.Serialization;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>What must be known of an extension project besides the files that it publishes.</summary>
/// <param name="Name">Its assembly's name: the extension's file name, under which it registers.</param>
/// <param name="SelfContained">Whether it brings its own .NET, or needs none.</param>
/// <param name="Native">Whether Native AOT makes it.</param>
internal sealed record ExtensionDescription(string Name, bool SelfContained, bool Native);

/// <summary>How the build's notes are written below the intermediate folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExtensionDescription))]
internal sealed partial class BuiltJson : JsonSerializerContext;
