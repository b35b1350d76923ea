using System.Globalization;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers.Reporting;

/// <summary>The lines of a publish's summary.</summary>
internal static class ImageSummary
{
    private const int ShortDigestLength = 19; // "sha256:" and 12 digits, as docker shows them

    public static IEnumerable<string> Lines(ReportLambdaImage report)
    {
        yield return $"Lambda image {Name(report)}";
        yield return $"  base   {report.BaseImage}{Short(report.BaseDigest)}";
        var platforms = report.Layers.Select(l => l.GetMetadata("Platform")).Distinct().ToList();
        var width = report.Layers.Select(l => l.ItemSpec.Length).DefaultIfEmpty(0).Max();
        foreach (var layer in report.Layers)
        {
            var platform = platforms.Count > 1 ? $"  {layer.GetMetadata("Platform")}" : "";
            yield return $"  layer  {layer.ItemSpec.PadRight(width)}  {Content(layer)}{platform}";
        }

        yield return $"  to     {Destination(report)}{Short(report.ImageDigest)}";
    }

    private static string Content(ITaskItem layer)
    {
        var files = layer.GetMetadata("Files");
        return $"{layer.GetMetadata("TargetPath")}  {files} {(files == "1" ? "file" : "files")}  "
            + $"{Size(long.Parse(layer.GetMetadata("Size"), CultureInfo.InvariantCulture))}"
            + $"{Short(layer.GetMetadata("Digest"))}{(layer.GetMetadata("Cached") == "true" ? "  cached" : "")}";
    }

    private static string Name(ReportLambdaImage report) =>
        report.Repository + (report.Tags.Length == 0 ? "" : ":" + string.Join(", :", report.Tags));

    private static string Destination(ReportLambdaImage report)
    {
        if (report.ArchivePath.Length > 0)
            return report.ArchivePath;
        return report.Registry.Length > 0 ? $"{report.Registry}/{report.Repository}" : "the local container daemon";
    }

    private static string Short(string digest) =>
        digest.Length == 0 ? "" : "  " + (digest.Length > ShortDigestLength ? digest[..ShortDigestLength] : digest);

    /// <summary>A length as people read it: 1 KB is 1,000 bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };
}
