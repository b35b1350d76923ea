using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// The one check that every name goes through before it becomes a <see cref="LayerEntry.Path"/>. What a reader could
/// take for another place is refused, not mended; only <c>.</c> segments and one trailing slash are dropped.
/// </summary>
internal static class LayerPath
{
    private const string WhiteoutPrefix = ".wh.";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The name as a layer path; empty for the root itself (<c>./</c>). Throws LLC3050 to LLC3057 or LLC3061.
    /// </summary>
    public static string Check(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw PackingErrors.PathHasNul(name);
        if (name.Contains('\\', StringComparison.Ordinal))
            throw PackingErrors.PathHasBackslash(name);
        if (name.StartsWith('/'))
            throw PackingErrors.PathIsAbsolute(name);
        if (name is [var letter, ':', ..] && char.IsAsciiLetter(letter))
            throw PackingErrors.PathHasDrive(name);
        var path = name.EndsWith('/') ? name[..^1] : name;
        var dots = false;
        foreach (var range in path.AsSpan().Split('/'))
        {
            CheckSegment(path.AsSpan(range), name);
            dots |= path.AsSpan(range) is ".";
        }

        if (dots)
            path = string.Join('/', path.Split('/').Where(s => s != "."));
        if (Length(path, name) > Limits.PathBytes)
            throw TooLong(name);
        return path;
    }

    /// <summary>The path of the folder that holds <paramref name="path"/>; empty for the root.</summary>
    public static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    /// <summary>
    /// Ordinal order, segment by segment: <c>a</c>, <c>a/b</c>, <c>a-b</c>. A folder comes before its content, and its
    /// content before anything else: GNU tar sets the time of a folder when it sees the first entry outside it, and an
    /// entry that came later would change that again.
    /// </summary>
    public static int Compare(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
            return a.Length - b.Length;
        return Rank(a[common]) - Rank(b[common]);

        static int Rank(char c) => c == '/' ? -1 : c;
    }

    private static void CheckSegment(ReadOnlySpan<char> segment, string name)
    {
        if (segment.Length == 0)
            throw PackingErrors.PathHasEmptySegment(name);
        if (segment is "..")
            throw PackingErrors.PathEscapes(name);
        // https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
        if (segment.StartsWith(WhiteoutPrefix))
            throw PackingErrors.PathIsWhiteout(name);
        if (Length(segment, name) > Limits.SegmentBytes)
            throw TooLong(name);
    }

    private static int Length(ReadOnlySpan<char> text, string name)
    {
        try
        {
            return Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw PackingErrors.PathIsNotUnicode(name);
        }
    }

    private static LayersException TooLong(string name) =>
        PackingErrors.PathIsTooLong(name, Limits.SegmentBytes, Limits.PathBytes);
}
