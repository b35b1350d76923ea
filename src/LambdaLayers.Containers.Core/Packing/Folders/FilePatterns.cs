using System.IO.Enumeration;

namespace LambdaLayers.Containers.Core.Packing.Folders;

/// <summary>
/// Which files of a folder stay out, in the words of .gitignore (https://git-scm.com/docs/gitignore#_pattern_format): a
/// pattern without a slash is a name at any depth, one with a slash a path from the folder; <c>*</c> and <c>?</c> stand
/// within a segment, <c>**</c> for any number of segments. What lies in an excluded folder is excluded.
/// </summary>
internal sealed class FilePatterns
{
    /// <summary>Excludes nothing.</summary>
    public static FilePatterns None { get; } = new([], []);

    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<string[]> _paths;

    private FilePatterns(IReadOnlyList<string> names, IReadOnlyList<string[]> paths) => (_names, _paths) = (names, paths);

    /// <summary>Reads patterns between semicolons or line ends; null and empty exclude nothing.</summary>
    public static FilePatterns Parse(string? list)
    {
        var patterns = (list ?? "").Split([';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pattern => pattern.Replace('\\', '/'))
            .Where(pattern => pattern.Trim('/').Length > 0)
            .ToList();
        return patterns.Count == 0
            ? None
            : new FilePatterns(
                [.. patterns.Where(pattern => !IsPath(pattern)).Select(pattern => pattern.TrimEnd('/'))],
                [.. patterns.Where(IsPath).Select(pattern => pattern.Trim('/').Split('/'))]);
    }

    /// <summary>
    /// Whether a file or folder is named by a pattern itself. For one in an excluded folder ask for that folder first.
    /// </summary>
    /// <param name="path">Relative to the folder, with <c>/</c> between segments.</param>
    public bool Excludes(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return _names.Any(pattern => Fits(pattern, name)) || (_paths.Count > 0 && FitsPath(path.Split('/')));
    }

    private bool FitsPath(string[] path) => _paths.Any(pattern => Fits(pattern, path));

    // A slash at the end alone does not tie a pattern to a place.
    private static bool IsPath(string pattern) => pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal);

    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.Length == 0)
            return path.Length == 0;
        if (pattern[0] == "**")
        {
            for (var skipped = 0; skipped <= path.Length; skipped++)
            {
                if (Fits(pattern[1..], path[skipped..]))
                    return true;
            }

            return false;
        }

        return path.Length > 0 && Fits(pattern[0], path[0]) && Fits(pattern[1..], path[1..]);
    }

    private static bool Fits(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
