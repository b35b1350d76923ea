using System.Formats.Tar;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// Takes the <c>artifact.xml</c> files of .NET runtime package stores out of layers, so that publish can leave out the
/// packages that are in them (https://learn.microsoft.com/dotnet/core/deploying/runtime-store).
/// </summary>
internal static class StoreManifests
{
    private const string Store = "/dotnetcore/store/";

    /// <summary>
    /// Writes the manifests that count for <paramref name="framework"/> on <paramref name="platform"/> into
    /// <paramref name="folder"/>, which is made if there are any, and gives their paths in the order of the layers.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ExtractAsync(
        IReadOnlyList<Layer> layers, Platform platform, string framework, string folder, CancellationToken cancellationToken)
    {
        var written = new List<string>();
        foreach (var layer in layers)
        {
            var wanted = layer.Facts.StoreManifests
                .Where(path => Counts(path, platform, framework)).Select(path => path.TrimStart('/')).ToHashSet();
            if (wanted.Count == 0)
                continue;
            await using var stream = await layer.OpenUncompressedAsync(cancellationToken);
            await using var tar = new TarReader(stream);
            while (wanted.Count > 0 && await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (wanted.Remove(entry.Name) && entry.DataStream is { } content)
                    written.Add(await WriteAsync(content, folder, written.Count, cancellationToken));
            }
        }

        return written;
    }

    /// <summary>
    /// Whether the host would look into the store that the manifest describes: stores have a folder for each architecture,
    /// and in it one for each target framework. A manifest above those is taken to describe all of them.
    /// </summary>
    public static bool Counts(string path, Platform platform, string framework)
    {
        var segments = path[(path.IndexOf(Store, StringComparison.Ordinal) + Store.Length)..].Split('/');
        var architecture = platform.DotnetArchitecture;
        return (segments.Length < 2 || segments[0] == architecture)
            && (segments.Length < 3 || segments[1].Equals(framework, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> WriteAsync(
        Stream content, string folder, int number, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"artifact-{number}.xml");
        try
        {
            Directory.CreateDirectory(folder);
            await using var file = File.Create(path);
            await content.CopyToAsync(file, cancellationToken);
            return path;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FunctionImageErrors.CannotWriteStoreManifest(path, e);
        }
    }
}
