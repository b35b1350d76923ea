using System.Text.Json;
using LambdaLayers.Containers.Core.Diagnostics;

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
    /// Paths relative to <paramref name="publishDirectory"/>, sorted; empty when there is no manifest (Native AOT and
    /// single files have none). Throws LLC3352 for a manifest that cannot be read.
    /// </summary>
    public static IReadOnlyList<string> Find(string publishDirectory, string assemblyName)
    {
        var path = Path.Combine(publishDirectory, assemblyName + ".deps.json");
        if (!File.Exists(path))
            return [];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var packages = Packages(json.RootElement);
            var targetName = json.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            var found = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var library in json.RootElement.GetProperty("targets").GetProperty(targetName).EnumerateObject())
            {
                if (packages.Contains(library.Name))
                    found.UnionWith(Assets(library.Value).Select(a => Locate(publishDirectory, a)).OfType<string>());
            }

            return [.. found];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw ContentErrors.PublishedManifestBroken(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EnvironmentErrors.CannotRead(path, e);
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
    private static string? Locate(string publishDirectory, JsonProperty asset)
    {
        var name = asset.Name[(asset.Name.LastIndexOf('/') + 1)..];
        string?[] places =
        [
            Text(asset.Value, "localPath"),
            asset.Name,
            Text(asset.Value, "locale") is { } culture ? $"{culture}/{name}" : null,
            name,
        ];
        return places.FirstOrDefault(place => place is not null && IsInside(place)
            && File.Exists(Path.Combine(publishDirectory, place)));
    }

    private static bool IsInside(string place) =>
        place.Length > 0 && !Path.IsPathRooted(place) && !place.Split('/', '\\').Contains("..");

    private static string? Text(JsonElement asset, string name) =>
        asset.TryGetProperty(name, out var value) ? value.GetString() : null;
}
