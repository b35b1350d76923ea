using System.Globalization;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// An image's configuration (https://github.com/opencontainers/image-spec/blob/main/config.md). Immutable; each change
/// gives a new one that keeps every member it does not know. Members that are null or missing, as AWS's base images
/// have
/// them, count as empty.
/// </summary>
internal sealed class ImageConfig
{
    private const string UserMember = "User";

    private readonly JsonObject _json;

    private ImageConfig(JsonObject json, ReadOnlyMemory<byte> bytes)
    {
        _json = json;
        Bytes = bytes;
        Digest = Digest.Of(bytes.Span);
        Platform = OciJson.ReadPlatform(json);
        var config = OciJson.Object(json, "config");
        Environment = Strings(config, "Env");
        EntryPoint = Strings(config, "Entrypoint");
        Command = Strings(config, "Cmd");
        WorkingDirectory = config is null ? null : OciJson.String(config, "WorkingDir");
        User = config is null ? null : OciJson.String(config, UserMember);
        Labels = OciJson.StringMap(config is null ? null : OciJson.Object(config, "Labels"));
        DiffIds = ReadDiffIds(json);
        _ = OciJson.Array(json, "history");
    }

    /// <summary>Exactly what <see cref="Digest"/> covers.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public Digest Digest { get; }

    /// <summary>What the image runs on; null when it does not say.</summary>
    public Platform? Platform { get; }

    /// <summary>Digests of the uncompressed layers, bottom first.</summary>
    public IReadOnlyList<Digest> DiffIds { get; }

    /// <summary><c>NAME=value</c>, in order.</summary>
    public IReadOnlyList<string> Environment { get; }

    public IReadOnlyList<string> EntryPoint { get; }

    public IReadOnlyList<string> Command { get; }

    public string? WorkingDirectory { get; }

    public string? User { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>Reads a config and keeps its bytes.</summary>
    /// <exception cref="FormatException">It is not a usable config; the message completes "because …".</exception>
    public static ImageConfig Parse(ReadOnlyMemory<byte> bytes) => new(OciJson.ReadObject(bytes.Span), bytes);

    /// <summary>The config of an image without layers.</summary>
    public static ImageConfig Empty(Platform platform)
    {
        var json = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.Os };
        if (platform.Variant is { } variant)
            json["variant"] = variant;
        json["config"] = new JsonObject();
        json["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() };
        json["history"] = new JsonArray();
        return FromJson(json);
    }

    /// <summary>The value of an environment variable, or null.</summary>
    public string? EnvironmentVariable(string name) =>
        Environment.LastOrDefault(x => x.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>
    /// The same config with layers on top, a line of history for each. A history that is shorter than the layers below is
    /// filled up first, so that ours line up with their layers.
    /// </summary>
    public ImageConfig WithLayers(IEnumerable<Layer> added, DateTimeOffset created) => Change(json =>
    {
        var rootFs = EnsureObject(json, "rootfs");
        rootFs["type"] ??= "layers";
        var diffIds = EnsureArray(rootFs, "diff_ids");
        var history = EnsureArray(json, "history");
        for (var known = history.Count(x => !IsEmptyLayer(x)); known < diffIds.Count; known++)
            history.Add((JsonNode)new JsonObject());
        foreach (var layer in added)
        {
            diffIds.Add((JsonNode)layer.DiffId.ToString());
            history.Add((JsonNode)HistoryOf(layer, created));
        }
    });

    /// <summary>The same config with variables set; known ones keep their place.</summary>
    public ImageConfig WithEnvironment(IReadOnlyCollection<KeyValuePair<string, string>> variables) =>
        variables.Count == 0 ? this : Change(json =>
    {
        var environment = EnsureArray(EnsureObject(json, "config"), "Env");
        foreach (var (name, value) in variables)
        {
            var old = environment.FirstOrDefault(x => ((string?)x)!.StartsWith(name + "=", StringComparison.Ordinal));
            if (old is null)
                environment.Add((JsonNode)$"{name}={value}");
            else
                environment[environment.IndexOf(old)] = $"{name}={value}";
        }
    });

    /// <summary>The same config with labels set; others stay.</summary>
    public ImageConfig WithLabels(IReadOnlyCollection<KeyValuePair<string, string>> labels) =>
        labels.Count == 0 ? this : Change(json =>
    {
        var all = EnsureObject(EnsureObject(json, "config"), "Labels");
        foreach (var (name, value) in labels)
            all[name] = value;
    });

    /// <summary>
    /// The same image run as <paramref name="other"/> says (variables, entry point, labels, user, ports, working directory),
    /// made at <paramref name="created"/>.
    /// </summary>
    public ImageConfig WithSettingsOf(ImageConfig other, DateTimeOffset created) => Change(json =>
    {
        json["created"] = Time(created);
        json["config"] = other._json["config"]?.DeepClone() ?? new JsonObject();
    });

    /// <summary>The same config with another working directory.</summary>
    public ImageConfig WithWorkingDirectory(string directory) =>
        Change(json => EnsureObject(json, "config")["WorkingDir"] = directory);

    /// <summary>The same config started by another program; what the base gave it as arguments goes with the base's own.</summary>
    public ImageConfig WithEntryPoint(IReadOnlyList<string> entryPoint) => Change(json =>
    {
        var config = EnsureObject(json, "config");
        config["Entrypoint"] = Array(entryPoint);
        config.Remove("Cmd");
    });

    /// <summary>The same config with other default arguments.</summary>
    public ImageConfig WithCommand(IReadOnlyList<string> command) =>
        Change(json => EnsureObject(json, "config")["Cmd"] = Array(command));

    /// <summary>The same config run as another user.</summary>
    public ImageConfig WithUser(string user) => Change(json => EnsureObject(json, "config")[UserMember] = user);

    /// <summary>The same config with ports (<c>8080/tcp</c>) beside those that it has.</summary>
    public ImageConfig WithPorts(IReadOnlyCollection<string> ports) => ports.Count == 0 ? this : Change(json =>
    {
        var exposed = EnsureObject(EnsureObject(json, "config"), "ExposedPorts");
        foreach (var port in ports)
            exposed[port] = new JsonObject();
    });

    /// <summary>The last line of history: what made the layer on top; null when there is none.</summary>
    public string? LastCreatedBy =>
        OciJson.Array(_json, "history")?.LastOrDefault() is JsonObject entry ? OciJson.String(entry, "created_by") : null;

    private static ImageConfig FromJson(JsonObject json) => Parse(OciJson.Write(json));

    private ImageConfig Change(Action<JsonObject> change)
    {
        var json = (JsonObject)_json.DeepClone();
        change(json);
        return FromJson(json);
    }

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonObject EnsureObject(JsonObject parent, string name)
    {
        parent[name] ??= new JsonObject();
        return OciJson.Object(parent, name)!;
    }

    private static JsonArray EnsureArray(JsonObject parent, string name)
    {
        parent[name] ??= new JsonArray();
        return OciJson.Array(parent, name)!;
    }

    private static bool IsEmptyLayer(JsonNode? entry) =>
        entry is JsonObject json && json["empty_layer"] is JsonValue value
        && value.TryGetValue<bool>(out var empty) && empty;

    // https://github.com/opencontainers/image-spec/blob/main/config.md#properties
    private static JsonObject HistoryOf(Layer layer, DateTimeOffset created) => new()
    {
        ["created"] = Time(created),
        ["created_by"] = layer.Origin.CreatedBy ?? layer.Origin.Item?.Property ?? $"LambdaLayer {layer.Origin.Source}",
        ["comment"] = $"LambdaLayers.Containers {layer.Origin.TargetPath}",
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Strings(JsonObject? config, string name) =>
        OciJson.Strings(config is null ? null : OciJson.Array(config, name), name);

    private static IReadOnlyList<Digest> ReadDiffIds(JsonObject json)
    {
        var rootFs = OciJson.Object(json, "rootfs");
        var texts = OciJson.Strings(rootFs is null ? null : OciJson.Array(rootFs, "diff_ids"), "diff_ids");
        return [.. texts.Select(x => Digest.TryParse(x, out var digest)
            ? digest
            : throw new FormatException("'diff_ids' holds something other than sha256 digests"))];
    }
}
