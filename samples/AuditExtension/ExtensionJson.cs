using System.Text.Json.Serialization;

/// <summary>Serializers made at compile time: trimming and Native AOT leave no others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(ExtensionEvent))]
internal sealed partial class ExtensionJson : JsonSerializerContext;
