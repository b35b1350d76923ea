using System.Globalization;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Reporting;

/// <summary>The lines that a publish ends with: base, layers, where the image went.</summary>
/// <param name="BaseImage">The real base image as the user or the SDK named it.</param>
/// <param name="BaseDigest">Its digest; empty for scratch.</param>
internal sealed record ImageSummary(string BaseImage, string BaseDigest)
{
    /// <summary>The lines for <paramref name="images"/>, one for each platform.</summary>
    public IEnumerable<string> Lines(PublishDestination destination, IReadOnlyList<Image> images, string digest)
    {
        yield return $"Lambda image {destination.Name}:{string.Join(", :", destination.Tags)}";
        yield return $"  base   {BaseImage}{Short(BaseDigest)}";
        var layers = images.SelectMany(image => Shown(image).Select(layer => (image.Platform, Layer: layer))).ToList();
        var width = layers.Select(l => l.Layer.Origin.DisplayName.Length).DefaultIfEmpty(0).Max();
        foreach (var (platform, layer) in layers)
            yield return $"  layer  {layer.Origin.DisplayName.PadRight(width)}  {Content(layer)}{(images.Count > 1 ? $"  {platform}" : "")}";
        foreach (var line in Wrappers(images))
            yield return line;
        var place = destination.ArchivePath ?? destination.Repository?.Name ?? "the local container daemon";
        yield return $"  to     {place}{Short(images.Count > 1 && destination.Repository is null ? "" : digest)}";
    }

    /// <summary>The project's wrapper scripts, outermost first (LambdaExecWrapper).</summary>
    public IReadOnlyList<string> ExecWrappers { get; init; } = [];

    /// <summary>Digests of layers that the build had packed when it came to the image: they are in the cache, and not cached.</summary>
    public IReadOnlyCollection<string> PackedBefore { get; init; } = [];

    // A layer's wrapper script does nothing unless somebody names it, and nobody sees that it is there.
    private IEnumerable<string> Wrappers(IReadOnlyList<Image> images)
    {
        var config = images[0].Config;
        var value = config.EnvironmentVariable(ExecWrapper.Variable);
        IReadOnlyList<string> used = ExecWrappers.Count > 0 && value == ExecWrapper.ValueFor(ExecWrappers) ? ExecWrappers
            : value is { Length: > 0 } ? [value]
            : [];
        foreach (var path in used)
            yield return $"  wrapper  {path}  starts the function";
        // On a base that runs a program of one's own it is that program.
        var runtime = images.SelectMany(Shown).Any(layer => layer.Origin.Name == TaskFiles.Bootstrap) ? "/opt/bootstrap" : null;
        var isRun = config.EntryPoint.Count + config.Command.Count > 0;
        foreach (var path in images.SelectMany(Shown).SelectMany(layer => layer.Facts.Programs).Distinct().Except(used))
        {
            if (path != runtime)
                yield return $"  wrapper  {path}{(isRun ? $"  not used: LambdaExecWrapper={path} would start the function with it" : "")}";
        }
    }

    /// <summary>The layers that are told of: those that neither the base image nor the application brought.</summary>
    public static IEnumerable<Layer> Shown(Image image) => image.AddedLayers.Where(layer => layer.Origin.CreatedBy is null);

    /// <summary>A length as people read it: 1 KB is 1,000 bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    private string Content(Layer layer) =>
        $"{layer.Origin.TargetPath}  {layer.Facts.Files} {(layer.Facts.Files == 1 ? "file" : "files")}  "
        + $"{Size(layer.Size)}{Short(layer.Digest.ToString())}{(IsCached(layer) ? "  cached" : "")}";

    private bool IsCached(Layer layer) => layer.Origin.FromCache && !PackedBefore.Contains(layer.Digest.ToString());

    private static string Short(string digest) => Digest.TryParse(digest, out var parsed) ? "  " + parsed.Short : "";
}
