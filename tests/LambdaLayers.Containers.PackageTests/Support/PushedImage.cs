using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    public static async Task<PushedImage> ReadAsync(PlainRegistry registry, string name)
    {
        var reference = $"docker://{registry.Uncounted.Authority}/{name}";
        var manifest = await Skopeo.InspectManifestAsync(reference);
        var config = await Skopeo.InspectConfigAsync(reference);
        var repository = name[..name.LastIndexOf(':')];
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = registry.Uncounted };
        var layers = new List<IReadOnlyList<PushedEntry>>();
        foreach (var layer in manifest.GetProperty("layers").EnumerateArray())
        {
            await using var blob = await http.GetStreamAsync($"v2/{repository}/blobs/{layer.GetProperty("digest").GetString()}");
            layers.Add(await ListAsync(blob));
        }

        return new PushedImage(manifest, JsonNode.Parse(config.GetRawText())!.AsObject(), layers);
    }

    private static async Task<IReadOnlyList<PushedEntry>> ListAsync(Stream blob)
    {
        var entries = new List<PushedEntry>();
        await using var tar = new TarReader(new GZipStream(blob, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
            entries.Add(new PushedEntry(entry.Name, entry.EntryType, entry.LinkName, entry.Length, entry.Mode));
        return entries;
    }
}
