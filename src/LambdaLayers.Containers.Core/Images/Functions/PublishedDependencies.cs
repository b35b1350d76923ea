using System.Text.Json;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// Which published files come from packages, by the application's own dependency manifest
/// (https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md): a documented format, where
/// the SDK's items for it are not.
/// </summary>
internal static class PublishedDependencies
{
    private static readonly string[] AssetGroups = ["runtime", "native", "resources", "runtimeTargets"];

    /// <summary>
    /// Paths of files in <paramref name="tree"/>; empty when there is no manifest (Native AOT and single files have none).
    /// Throws LLC3352 for a manifest that cannot be read.
    /// </summary>
    /// <param name="tree">Has the published files.</param>
    /// <param name="directory">The folder in the tree that they lie in; empty for its root.</param>
    /// <param name="assemblyName">Name of the application's assembly, without extension.</param>
    public static IReadOnlySet<string> Find(LayerTree tree, string directory, string assemblyName)
    {
        var root = directory.Trim('/') is { Length: > 0 } folder ? folder + "/" : "";
        var files = tree.Entries.Where(e => e.Kind == EntryKind.File).ToDictionary(e => e.Path, StringComparer.Ordinal);
        if (!files.TryGetValue($"{root}{assemblyName}.deps.json", out var manifest))
            return new HashSet<string>();
        try
        {
            using var content = manifest.Open!();
            using var json = JsonDocument.Parse(content);
            var packages = Packages(json.RootElement);
            var targetName = json.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            return json.RootElement.GetProperty("targets").GetProperty(targetName).EnumerateObject()
                .Where(library => packages.Contains(library.Name))
                .SelectMany(library => Assets(library.Value))
                .Select(asset => Places(asset).Select(place => root + place).FirstOrDefault(files.ContainsKey))
                .OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw FunctionImageErrors.PublishedManifestBroken(manifest.Path, e.Message);
        }
    }

    // Projects that are referenced change with the code, so they stay with it.
    private static HashSet<string> Packages(JsonElement root) =>
        [.. root.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() is "package" or "runtimepack")
            .Select(library => library.Name)];

    private static IEnumerable<JsonProperty> Assets(JsonElement library) =>
        AssetGroups.Where(group => library.TryGetProperty(group, out _))
            .SelectMany(group => library.GetProperty(group).EnumerateObject());

    // Where publish puts an asset: assets for another system under their own path, satellite assemblies under their
    // culture, everything else at the top.
    private static IEnumerable<string> Places(JsonProperty asset)
    {
        var name = asset.Name[(asset.Name.LastIndexOf('/') + 1)..];
        string?[] places =
        [
            Text(asset.Value, "localPath"),
            asset.Name,
            Text(asset.Value, "locale") is { } culture ? $"{culture}/{name}" : null,
            name,
        ];
        return places.OfType<string>();
    }

    private static string? Text(JsonElement asset, string name) =>
        asset.TryGetProperty(name, out var value) ? value.GetString() : null;
}
