using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>How the lock file is spelled: readable, without what is empty, the same bytes on every system.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [typeof(DigestJsonConverter)])]
[JsonSerializable(typeof(LockDocument))]
internal sealed partial class LockJson : JsonSerializerContext
{
    // Made on the first use: the generated half of this class has statics of its own, and nothing says which come first.
    private static readonly Lazy<JsonTypeInfo<LockDocument>> LazyDocument = new(Create);

    /// <summary>The document's serializer.</summary>
    public static JsonTypeInfo<LockDocument> Document => LazyDocument.Value;

    private static JsonTypeInfo<LockDocument> Create()
    {
        var options = new JsonSerializerOptions(Default.Options)
        {
            TypeInfoResolver = Default.WithAddedModifier(LeaveOutWhatIsEmpty),
            WriteIndented = true,
            IndentSize = 2,
            NewLine = "\n",
            // The file is read by people in diffs, never embedded into HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return (JsonTypeInfo<LockDocument>)options.GetTypeInfo(typeof(LockDocument));
    }

    private static void LeaveOutWhatIsEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
                property.ShouldSerialize = (_, value) => value is IEnumerable items && items.GetEnumerator().MoveNext();
        }
    }
}
