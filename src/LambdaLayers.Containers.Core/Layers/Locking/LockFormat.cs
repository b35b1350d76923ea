using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>The lock file as a whole.</summary>
/// <param name="Version">Of the format; a newer one than <see cref="CurrentVersion"/> is refused.</param>
internal sealed record LockDocument(int Version)
{
    public const int CurrentVersion = 1;

    /// <summary>Sorted by kind and Include.</summary>
    public IReadOnlyList<LockEntry> Items { get; init; } = [];

    public static LockDocument Empty { get; } = new(CurrentVersion);
}

/// <summary>Between the lock file's text and its document.</summary>
internal static class LockFormat
{
    /// <summary>The text of the file: sorted, so that equal documents have equal texts; ends with a line end.</summary>
    public static string Write(LockDocument document) =>
        JsonSerializer.Serialize(Sorted(document), LockJson.Document) + "\n";

    /// <summary>Reads a file's text; LLC22xx for what is none of ours. Line ends may be those of Windows.</summary>
    public static LockDocument Read(string text, string path)
    {
        if (ConflictLine(text) is { } line)
            throw LockErrors.Conflict(path, line);
        try
        {
            if (VersionOf(text) is var version && version > LockDocument.CurrentVersion)
                throw LockErrors.TooNew(path, version, LockDocument.CurrentVersion);
            var document = JsonSerializer.Deserialize(text, LockJson.Document)
                ?? throw new JsonException("It holds null.");
            DemandWhole(document);
            foreach (var entry in document.Items)
            {
                if (entry.FindContradiction() is { } problem)
                    throw LockErrors.NotOfItsInclude(path, entry.Include, problem);
            }

            return document;
        }
        catch (JsonException e)
        {
            throw LockErrors.Corrupt(path, Where(e), e);
        }
    }

    // The serializer checks neither the elements of lists nor what numbers mean.
    private static void DemandWhole(LockDocument document)
    {
        if (document.Items.Any(i => i is null))
            throw new JsonException("An item is null.");
        if (document.Items.DistinctBy(i => i.Key()).Count() != document.Items.Count)
            throw new JsonException("An item is in it twice.");
        foreach (var entry in document.Items)
        {
            if (entry.Size < 0 || entry.Version < 1)
                throw new JsonException($"A number of '{DisplayText.Name(entry.Include)}' cannot be.");
            if (entry.Architectures.Concat(entry.Runtimes).Any(s => s is null) || entry.Platforms.Values.Any(d => d is null))
                throw new JsonException($"A list of '{DisplayText.Name(entry.Include)}' has null in it.");
            if (entry.Packed.Any(p => p is null || !p.ToPackedLayer().IsPlausible()))
                throw new JsonException($"What '{DisplayText.Name(entry.Include)}' packs to cannot be.");
            if (entry.Packed.DistinctBy(p => p.Slot()).Count() != entry.Packed.Count)
                throw new JsonException($"'{DisplayText.Name(entry.Include)}' packs to two layers in one place.");
        }
    }

    private static LockDocument Sorted(LockDocument document) => document with
    {
        Items =
        [
            .. document.Items
                .OrderBy(i => i.Kind.ToString(), StringComparer.Ordinal)
                .ThenBy(i => i.Include, StringComparer.Ordinal)
                .Select(Sorted),
        ],
    };

    private static LockEntry Sorted(LockEntry entry) => entry with
    {
        Architectures = [.. entry.Architectures.Order(StringComparer.Ordinal)],
        Runtimes = [.. entry.Runtimes.Order(StringComparer.Ordinal)],
        Platforms = new SortedDictionary<string, Content.Digest>(
            entry.Platforms.ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal),
        Packed =
        [
            .. entry.Packed
                .OrderBy(p => p.TargetPath, StringComparer.Ordinal)
                .ThenBy(p => p.SourcePath, StringComparer.Ordinal)
                .ThenBy(p => p.Platform, StringComparer.Ordinal),
        ],
    };

    // Before the rest is read: a newer format may not fit this one's types.
    private static int VersionOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("version", out var version)
            && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number > 0
            ? number
            : throw new JsonException("It has no version.");
    }

    private static int? ConflictLine(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.StartsWith("<<<<<<<") || line.StartsWith(">>>>>>>") || line.StartsWith("=======") || line.StartsWith("|||||||"))
                return number;
        }

        return null;
    }

    private static string Where(JsonException e) =>
        e.LineNumber is { } line ? string.Create(null, $"line {line + 1}") : e.Message;
}

/// <summary>How the lock file is spelled: readable, without what is empty, the same bytes on every system.</summary>
internal static class LockJson
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
