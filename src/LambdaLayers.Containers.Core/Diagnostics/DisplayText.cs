using System.Globalization;
using System.Text;

namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>
/// How names from outside (entries of zips, files, headers, documents) and numbers are put into messages, so that no
/// terminal and no CI agent acts on them.
/// </summary>
internal static class DisplayText
{
    private const int NameLength = 200;

    /// <summary>
    /// The name without control characters and text direction marks, not endless, and without what CI agents take for
    /// commands (<c>##vso[</c>, <c>##[</c> of Azure Pipelines, a line that begins with <c>::</c> of GitHub Actions).
    /// </summary>
    public static string Name(string name)
    {
        var text = WithoutCommand(Plain(name, NameLength).Replace("##", "#\\u0023").ToString());
        return name.Length > NameLength ? text + '…' : text;
    }

    /// <summary>
    /// A whole message, which is one line: what a feature has forgotten to put through <see cref="Name"/> is harmless all the same.
    /// </summary>
    public static string Line(string message) => WithoutCommand(
        Plain(message, message.Length).Replace("##vso[", "#\\u0023vso[").Replace("##[", "#\\u0023[").ToString());

    /// <summary>A number with commas between the thousands, on every machine.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    // Where a line begins with it (ActionCommand.TryParseV2 of actions/runner): .NET's handlers have it in the middle.
    private static string WithoutCommand(string text) => text.TrimStart().StartsWith("::", StringComparison.Ordinal)
        ? text.Replace("::", ":\\u003a", StringComparison.Ordinal)
        : text;

    private static StringBuilder Plain(string name, int limit)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Math.Min(name.Length, limit);)
        {
            // A surrogate without its other half stands for a byte that is no UTF-8: which one is worth seeing.
            var whole = Rune.TryGetRuneAt(name, i, out var rune);
            _ = whole && IsPlain(rune)
                ? text.Append(rune)
                : text.Append(CultureInfo.InvariantCulture, $"\\u{(whole ? rune.Value : name[i]):x4}");
            i += whole ? rune.Utf16SequenceLength : 1;
        }

        return text;
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar;
}
