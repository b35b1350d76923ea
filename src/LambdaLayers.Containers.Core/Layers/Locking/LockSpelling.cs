using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>How the lock file is spelled: readable, without what is empty, the same bytes on every system.</summary>
internal static class LockSpelling
{
    /// <summary>The document's serializer.</summary>
    public static JsonTypeInfo<LockDocument> Document { get; } = Create();

    private static JsonTypeInfo<LockDocument> Create()
    {
        var options = new JsonSerializerOptions(LockJson.Default.Options)
        {
            TypeInfoResolver = LockJson.Default.WithAddedModifier(LeaveOutWhatIsEmpty),
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
