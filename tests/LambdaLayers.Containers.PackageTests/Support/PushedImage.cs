using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>An image as the registry has it: documents and the entries of each layer.</summary>
public sealed class PushedImage
{
    private PushedImage(JsonElement manifest, JsonObject config, IReadOnlyList<IReadOnlyList<PushedEntry>> layers)
    {
        Manifest = manifest;
        Config = config;
        Layers = layers;
    }

    public JsonElement Manifest { get; }

    /// <summary>The whole config document.</summary>
    public JsonObject Config { get; }

    /// <summary>The entries of each layer, bottom first.</summary>
    public IReadOnlyList<IReadOnlyList<PushedEntry>> Layers { get; }

    /// <summary>What a container of it runs with: the config's config, without labels.</summary>
    public JsonObject RunConfig
    {
        get
        {
            var run = (JsonObject)Config["config"]!.DeepClone();
            run.Remove("Labels");
            return run;
        }
    }

    public IReadOnlyList<string> LayerDigests =>
        [.. Manifest.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("digest").GetString()!)];

    /// <summary>Names of all files and links of one layer, in order.</summary>
    public IReadOnlyList<string> Files(Index layer) =>
        [.. Layers[layer].Where(e => e.Type != TarEntryType.Directory).Select(e => e.Name)];

    public static async Task<PushedImage> ReadAsync(EmbeddedRegistry registry, string name)
    {
        var image = await StoredImage.OpenAsync($"docker://{registry.Uncounted.Authority}/{name}");
        return new PushedImage(
            image.Manifest, JsonNode.Parse(image.Config.GetRawText())!.AsObject(), [.. image.Layers.Select(List)]);
    }

    private static IReadOnlyList<PushedEntry> List(StoredLayer layer) =>
        [.. layer.Entries().Select(e => new PushedEntry(e.Name, e.EntryType, e.LinkName, e.Length, e.Mode))];
}
