using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>The forms of an Include, most telling first.</summary>
internal static class LayerKindTable
{
    private static readonly string[] ProjectExtensions = [".csproj", ".fsproj", ".vbproj"];

    private static readonly (LayerKind Kind, Func<string, string, bool> Fits)[] Rows =
    [
        (LayerKind.Arn, (include, _) => include.StartsWith("arn:", StringComparison.Ordinal)),
        (LayerKind.Url, (include, _) => include.StartsWith("https://", StringComparison.OrdinalIgnoreCase)),
        // Refused at the download, with the advice to use https, unless it leads to this machine itself.
        (LayerKind.Url, (include, _) => include.StartsWith("http://", StringComparison.OrdinalIgnoreCase)),
        (LayerKind.Image, (include, _) => include.StartsWith("docker://", StringComparison.Ordinal)),
        (LayerKind.Project, (include, _) => ProjectExtensions.Any(e => HasExtension(include, e))),
        (LayerKind.Zip, (include, _) => HasExtension(include, ".zip")),
        (LayerKind.Directory, IsFolder),
        (LayerKind.Image, (include, _) => IsImage(include)),
    ];

    /// <summary>The kind that <paramref name="include"/> has, or null when it fits no form.</summary>
    public static LayerKind? Find(string include, string projectDirectory)
    {
        foreach (var (kind, fits) in Rows)
        {
            if (fits(include, projectDirectory))
                return kind;
        }

        return null;
    }

    private static bool HasExtension(string include, string extension) =>
        include.EndsWith(extension, StringComparison.OrdinalIgnoreCase)
        && !include.Contains("://", StringComparison.Ordinal);

    private static bool IsFolder(string include, string projectDirectory) =>
        !include.Contains("://", StringComparison.Ordinal)
        && (include.EndsWith('/') || include.EndsWith('\\')
            || Directory.Exists(Path.Combine(projectDirectory, include.Replace('\\', '/'))));

    // Without a tag or digest it could be a misspelled folder as well; an image must say which one.
    private static bool IsImage(string include) =>
        ImageReference.TryParse(include, out var reference)
        && (include.Contains('@', StringComparison.Ordinal)
            || include.LastIndexOf(':') > include.LastIndexOf('/'))
        && reference.Repository.Length > 0;
}
