using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// The manifest of one image: its config and layers, Docker v2 schema 2 or OCI
/// (https://github.com/opencontainers/image-spec/blob/main/manifest.md). Immutable; a parsed one keeps its bytes as
/// they
/// came, a changed one keeps every member it does not know.
/// </summary>
internal sealed class ImageManifest
{
    private readonly JsonObject _json;

    private ImageManifest(JsonObject json, ReadOnlyMemory<byte> bytes, string mediaType)
    {
        _json = json;
        Bytes = bytes;
        MediaType = mediaType;
        Digest = Digest.Of(bytes.Span);
        Config = OciJson.ReadDescriptor(json["config"], "config");
        Layers = [.. (OciJson.Array(json, "layers") ?? throw new FormatException("it has no layers"))
            .Select((layer, i) => OciJson.ReadDescriptor(layer, $"layers[{i}]"))];
        ArtifactType = OciJson.Token(json, "artifactType");
    }

    /// <summary>Exactly what <see cref="Digest"/> covers.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public string MediaType { get; }

    public Digest Digest { get; }

    public ManifestFamily Family => MediaTypes.Family(MediaType);

    /// <summary>The image's configuration blob.</summary>
    public Descriptor Config { get; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<Descriptor> Layers { get; }

    /// <summary>Set when this is an artefact in the shape of an image.</summary>
    public string? ArtifactType { get; }

    /// <summary>Whether it can be run, or holds something else: a chart, a signature, an SBOM.</summary>
    public bool IsImage => MediaTypes.IsConfig(Config.MediaType);

    /// <summary>This manifest as an entry of an index.</summary>
    public Descriptor Descriptor => new(MediaType, Digest, Bytes.Length);

    /// <summary>Reads a manifest and keeps its bytes.</summary>
    /// <exception cref="FormatException">It is not a usable manifest; the message completes "because …".</exception>
    public static ImageManifest Parse(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        var manifest = new ImageManifest(OciJson.ReadObject(bytes.Span), bytes, mediaType);
        return manifest.Layers.Count <= Limits.Default.Layers
            ? manifest
            : throw new FormatException($"it has {manifest.Layers.Count} layers, more than {Limits.Default.Layers}");
    }

    /// <summary>A manifest without layers, the base of an image from scratch.</summary>
    public static ImageManifest Empty(ManifestFamily family, ImageConfig config)
    {
        var mediaType = MediaTypes.Manifest(family);
        return FromJson(mediaType, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = OciJson.WriteDescriptor(
                new Descriptor(MediaTypes.Config(family), config.Digest, config.Bytes.Length)),
            ["layers"] = new JsonArray(),
        });
    }

    /// <summary>The same image in a family's media types; no blob changes.</summary>
    public ImageManifest In(ManifestFamily family)
    {
        if (family == Family)
            return this;
        var json = (JsonObject)_json.DeepClone();
        var mediaType = MediaTypes.In(family, MediaType);
        json["mediaType"] = mediaType;
        foreach (var part in OciJson.Array(json, "layers")!.Append(json["config"]).OfType<JsonObject>())
            part["mediaType"] = MediaTypes.In(family, part["mediaType"]!.GetValue<string>());
        return FromJson(mediaType, json);
    }

    /// <summary>
    /// The same manifest with layers on top, typed as its family spells them. The config must follow: <see
    /// cref="WithConfig"/>.
    /// </summary>
    public ImageManifest WithLayers(IEnumerable<Layer> added)
    {
        var json = (JsonObject)_json.DeepClone();
        var layers = OciJson.Array(json, "layers")!;
        foreach (var layer in added)
            layers.Add((JsonNode)OciJson.WriteDescriptor(layer.In(Family).Descriptor));
        return FromJson(MediaType, json);
    }

    /// <summary>The same manifest for another configuration; the config's own media type stays.</summary>
    public ImageManifest WithConfig(ImageConfig config)
    {
        var json = (JsonObject)_json.DeepClone();
        var descriptor = OciJson.Object(json, "config")!;
        descriptor["size"] = config.Bytes.Length;
        descriptor["digest"] = config.Digest.ToString();
        // The embedded copy of the old config (OCI's "data") would contradict the new digest.
        descriptor.Remove("data");
        return FromJson(MediaType, json);
    }

    // Read back from the bytes: nodes made here hold numbers of other types than parsed ones.
    private static ImageManifest FromJson(string mediaType, JsonObject json) =>
        Parse(OciJson.Write(json), mediaType);
}
