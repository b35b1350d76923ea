using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// The only place that reads and writes image documents. Digests cover bytes, so one writer decides them: no
/// indentation, members in the order they came, and <c>+</c> as it is (the default encoder would write
/// <c>\u002B</c> into every media type).
/// </summary>
internal static class OciJson
{
    // RFC 6838, 4.2: a type and a subtype of at most 127 characters each.
    private const int MaximumTokenLength = 255;

    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A member given twice means different things to different readers; no honest document does that.
    private static readonly JsonDocumentOptions Reader = new()
    {
        MaxDepth = Limits.Default.JsonDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="FormatException">It is not valid JSON, nested too deep, has doubled members, or is no
    /// object.</exception>
    public static JsonObject ReadObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            DemandText(utf8);
            return JsonNode.Parse(utf8, documentOptions: Reader) as JsonObject
                ?? throw new FormatException("it is not a JSON object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException("it is not valid JSON", e);
        }
    }

    // Nodes decode a text when somebody asks for it, and throw then for one that is no UTF-8, or half of a surrogate pair.
    private static void DemandText(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = Limits.Default.JsonDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                _ = reader.GetString();
        }
    }

    /// <summary>The bytes that stand for <paramref name="node"/> everywhere.</summary>
    public static byte[] Write(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writer))
            node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A member that must be an object, or be absent or null.</summary>
    public static JsonObject? Object(JsonObject parent, string name) => Typed<JsonObject>(parent, name, "an object");

    /// <summary>A member that must be an array, or be absent or null.</summary>
    public static JsonArray? Array(JsonObject parent, string name) => Typed<JsonArray>(parent, name, "an array");

    /// <summary>A member that must be a string, or be absent or null.</summary>
    public static string? String(JsonObject parent, string name) =>
        parent[name] is not { } node ? null
        : node is JsonValue value && value.TryGetValue<string>(out var text) ? text
        : throw new FormatException($"'{name}' is not a string");

    /// <summary>
    /// A string that names something (a media type, a platform), or null when it is absent or empty. Such names get into
    /// messages, so they are short and printable, and cannot forge lines of a log.
    /// </summary>
    public static string? Token(JsonObject parent, string name) =>
        String(parent, name) is not { Length: > 0 } text ? null
        : text.Length <= MaximumTokenLength && text.All(c => c is > ' ' and <= '~') ? text
        : throw new FormatException($"'{name}' is not a name");

    /// <summary>Every element of an array of strings.</summary>
    public static IReadOnlyList<string> Strings(JsonArray? array, string name) =>
        [.. (array ?? []).Select(x => x is JsonValue v && v.TryGetValue<string>(out var text)
            ? text
            : throw new FormatException($"'{name}' holds something other than strings"))];

    /// <summary>An object of strings as a dictionary; other values are left out.</summary>
    public static IReadOnlyDictionary<string, string> StringMap(JsonObject? map)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, node) in map ?? [])
            if (node is JsonValue value && value.TryGetValue<string>(out var text))
                result[name] = text;
        return result;
    }

    /// <summary>Reads a descriptor, with its platform where it has one.</summary>
    public static Descriptor ReadDescriptor(JsonNode? node, string name)
    {
        if (node is not JsonObject json)
            throw new FormatException($"'{name}' is not a descriptor");
        if (Token(json, "mediaType") is not { } mediaType)
            throw new FormatException($"'{name}' has no mediaType");
        if (!Digest.TryParse(String(json, "digest"), out var digest))
            throw new FormatException($"'{name}' has no sha256 digest");
        if (json["size"] is not JsonValue value || !value.TryGetValue<long>(out var size) || size < 0)
            throw new FormatException($"'{name}' has no valid size");
        return new Descriptor(mediaType, digest, size)
        {
            Platform = ReadPlatform(Object(json, "platform")),
            ArtifactType = Token(json, "artifactType"),
            Annotations = StringMap(Object(json, "annotations")),
        };
    }

    /// <summary>Writes type, size and digest, and the platform where there is one, in Docker's order.</summary>
    public static JsonObject WriteDescriptor(Descriptor descriptor)
    {
        var json = new JsonObject
        {
            ["mediaType"] = descriptor.MediaType,
            ["size"] = descriptor.Size,
            ["digest"] = descriptor.Digest.ToString(),
        };
        if (descriptor.Platform is { } platform)
        {
            json["platform"] = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.Os };
            if (platform.Variant is { } variant)
                json["platform"]!["variant"] = variant;
        }

        return json;
    }

    /// <summary>
    /// A platform from <c>os</c>, <c>architecture</c> and <c>variant</c>; null when it names nothing.
    /// </summary>
    public static Platform? ReadPlatform(JsonObject? json)
    {
        var os = json is null ? null : Token(json, "os");
        var architecture = json is null ? null : Token(json, "architecture");
        return os is null && architecture is null
            ? null
            : new Platform(os ?? "", architecture ?? "", Token(json!, "variant"));
    }

    private static T? Typed<T>(JsonObject parent, string name, string kind)
        where T : JsonNode =>
        parent[name] is not { } node ? null : node as T ?? throw new FormatException($"'{name}' is not {kind}");
}
