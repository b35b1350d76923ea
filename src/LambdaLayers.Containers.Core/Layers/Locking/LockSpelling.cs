using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>How the lock file is spelled: readable, without what is empty, the same bytes on every system.</summary>
internal static class LockSpelling
{
    /// <summary>The document's serializer.</summary>
    public static JsonTypeInfo<LockDocument> Document { get; } = Create<LockDocument>(indented: true);

    /// <summary>What is known of a layer's content, in one line, for messages.</summary>
    public static JsonTypeInfo<LayerFacts> Facts { get; } = Create<LayerFacts>(indented: false);

    private static JsonTypeInfo<T> Create<T>(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            // Not source generation: that gives every init property a value, null for one that is left out, where
            // reflection leaves the type's own default alone.
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatIsEmpty } },
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            IgnoreReadOnlyProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new DigestJsonConverter(), new JsonStringEnumConverter<LockKind>(null, allowIntegerValues: false) },
            WriteIndented = indented,
            IndentSize = 2,
            NewLine = "\n",
            // The file is read by people in diffs, never embedded into HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
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
