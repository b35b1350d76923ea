using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Verification.Languages;

/// <summary>
/// The names that a CommonJS or ECMAScript module exports, read from its text; nothing is run. What bundlers and compilers write is
/// read too.
/// </summary>
internal static partial class JavaScriptModule
{
    /// <summary>Reads a module; null where exports come about that its text does not show.</summary>
    public static IReadOnlySet<string>? Exports(string source)
    {
        var text = Comment().Replace(source, " ");
        if (Dynamic().IsMatch(text))
            return null;
        var names = Property().Matches(text).Concat(Declaration().Matches(text)).Concat(Getter().Matches(text))
            .Concat(Declarations().Matches(text).SelectMany(statement => FurtherName().Matches(statement.Value)))
            .Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (Match list in Lists().Matches(text))
        {
            if (list.Groups["items"].Value.Contains("...", StringComparison.Ordinal))
                return null;
            // { a, b as c, d: e, f() {}, async g() {} }: the name outside is the last of an "as", and the first of a ":".
            names.UnionWith(Item().Matches(list.Groups["items"].Value).Select(item =>
                item.Groups["alias"] is { Success: true } alias ? alias.Value : item.Groups["name"].Value));
        }

        return names;
    }

    // Only whole lines and blocks that begin one: elsewhere the two characters may be in a string or a regular expression.
    [GeneratedRegex(@"^[ \t]*//[^\n]*$|^[ \t]*/\*[\s\S]*?\*/", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bexports\s*(?:\.\s*(?<name>[\w$]+)|\[\s*['""](?<name>[\w$]+)['""]\s*\])\s*=(?!=)")]
    private static partial Regex Property();

    [GeneratedRegex(@"\bexport\s+(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+(?<name>[\w$]+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bdefineProperty\s*\(\s*(?:module\s*\.\s*)?exports\s*,\s*['""](?<name>[\w$]+)['""]")]
    private static partial Regex Getter();

    [GeneratedRegex(@"(?:\bexport\s*\{|\bmodule\s*\.\s*exports\s*=\s*\{|\b__export\s*\(\s*[\w$]+\s*,\s*\{)(?<items>[\s\S]*?)(?:\}\s*(?:;|\)|from\b|$|\r?\n\s*$)|\z)", RegexOptions.Multiline)]
    private static partial Regex Lists();

    [GeneratedRegex(@"(?<![.\w$])['""]?(?<name>[\w$]+)['""]?(?:\s+as\s+(?<alias>[\w$]+))?")]
    private static partial Regex Item();

    // export const a = 1, b = 2
    [GeneratedRegex(@"\bexport\s+(?:const|let|var)\s[^;\n]*")]
    private static partial Regex Declarations();

    [GeneratedRegex(@",\s*(?<name>[\w$]+)\s*=")]
    private static partial Regex FurtherName();

    // Re-exports, a default export, exports that are some expression, or are handed to somebody.
    [GeneratedRegex(
        @"\bexport\s*\*|\bexport\s+default\b|\bexport\s+(?:const|let|var)\s*[\[{]"
        + @"|\bmodule\s*\.\s*exports\s*=\s*(?!__toCommonJS\b)[^\s{=]"
        + @"|(?<!\bdefineProperty\s*\(\s*(?:module\s*\.\s*)?)\bexports\s*[,)\]]|\bexports\s*\[\s*[^'""\s]"
        + @"|\b__exportStar\b|\b__reExport\b")]
    private static partial Regex Dynamic();
}
