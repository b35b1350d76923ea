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

    /// <summary>The image runs as AWS's base does, with this command.</summary>
    public void AssertRunsAs(JsonObject baseConfig, string command)
    {
        baseConfig["Cmd"] = new JsonArray(command);
        Assert.That(Sorted(RunConfig), Is.EqualTo(Sorted(baseConfig)));
        Assert.That((string?)Config["os"], Is.EqualTo("linux"));
    }

    /// <summary>A layer of its own holds <c>/var/runtime/bootstrap</c>, a link to <paramref name="target"/>.</summary>
    public void AssertBootstrapIs(string target)
    {
        var layer = Layers.Single(entries => entries.Any(e => e.Name == "var/runtime/bootstrap" && e.LinkName.Length > 0));
        Assert.That(layer.Select(e => e.Name.TrimEnd('/')), Is.EqualTo(new[] { "var", "var/runtime", "var/runtime/bootstrap" }));
        Assert.That(layer[^1].Type, Is.EqualTo(TarEntryType.SymbolicLink));
        Assert.That(layer[^1].LinkName, Is.EqualTo(target));
    }

    private static string Sorted(JsonObject json) =>
        new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();

    private static IReadOnlyList<PushedEntry> List(StoredLayer layer) =>
        [.. layer.Entries().Select(e => new PushedEntry(e.Name, e.EntryType, e.LinkName, e.Length, e.Mode))];
}
