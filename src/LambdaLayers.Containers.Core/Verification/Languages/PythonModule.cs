using System.Text;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.Core.Verification.Languages;

/// <summary>
/// The names that a Python module has after it was imported, read from its text; nothing is run. Strings and comments are no
/// code, and what is bound inside functions and classes is not the module's.
/// </summary>
internal static partial class PythonModule
{
    /// <summary>Reads a module; null where names come about that its text does not show.</summary>
    public static IReadOnlySet<string>? Names(string source)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var body = int.MaxValue; // indentation of the function or class whose body the lines are in
        foreach (var (indentation, line) in Lines(source))
        {
            if (indentation > body)
                continue;
            body = int.MaxValue;
            if (Dynamic().IsMatch(line))
                return null;
            if (Definition().Match(line) is { Success: true } definition)
            {
                names.Add(definition.Groups["name"].Value);
                body = indentation;
            }
            else
            {
                names.UnionWith(Bound(line));
            }
        }

        return names.Contains("__getattr__") ? null : names;
    }

    private static IEnumerable<string> Bound(string line)
    {
        // import a.b binds a, import a as b and from a import b as c the last name.
        if (Import().Match(line) is { Success: true } import)
            return import.Groups["names"].Value.Split(',').Select(item => item.Trim(' ', '\t', '(', ')'))
                .Select(item => As().Match(item) is { Success: true } alias ? alias.Groups["name"].Value : item.Split('.')[0]);
        var assigned = Assignment().Match(line);
        var targets = assigned.Success ? Word().Matches(assigned.Groups["targets"].Value).Select(word => word.Value) : [];
        return targets.Concat(Bindings().Matches(line).Select(match => match.Groups["name"].Value));
    }

    // Logical lines, with the strings' content gone: https://docs.python.org/3/reference/lexical_analysis.html#line-structure
    private static IEnumerable<(int Indentation, string Text)> Lines(string source)
    {
        var line = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c is '"' or '\'')
            {
                i = EndOfString(source, i);
                line.Append("''");
            }
            else if (c == '#')
            {
                while (i + 1 < source.Length && source[i + 1] != '\n')
                    i++;
            }
            else if (c == '\\' && i + 1 < source.Length && source[i + 1] is '\n' or '\r')
            {
                i += source[i + 1] == '\r' && i + 2 < source.Length && source[i + 2] == '\n' ? 2 : 1;
            }
            else if (c == '\n' && depth <= 0)
            {
                yield return Finish(line);
                line.Clear();
            }
            else
            {
                depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
                line.Append(c is '\n' or '\r' ? ' ' : c);
            }
        }

        yield return Finish(line);
    }

    private static (int, string) Finish(StringBuilder line)
    {
        var text = line.ToString();
        var code = text.TrimStart(' ', '\t', '\f', '\ufeff');
        return (text[..^code.Length].Replace("\ufeff", "", StringComparison.Ordinal).Replace("\t", "        ", StringComparison.Ordinal)
            .Length, code.TrimEnd());
    }

    private static int EndOfString(string source, int start)
    {
        var quote = source[start];
        var triple = string.CompareOrdinal(source, start, new string(quote, 3), 0, 3) == 0;
        for (var i = start + (triple ? 3 : 1); i < source.Length; i++)
        {
            if (source[i] == '\\')
                i++;
            else if (source[i] == '\n' && !triple)
                return i - 1; // not valid; the line ends it
            else if (source[i] == quote && (!triple || string.CompareOrdinal(source, i, new string(quote, 3), 0, 3) == 0))
                return i + (triple ? 2 : 0);
        }

        return source.Length;
    }

    [GeneratedRegex(@"^(?:async\s+)?(?:def|class)\s+(?<name>\w+)")]
    private static partial Regex Definition();

    [GeneratedRegex(@"^(?:from\s+[\w.]+\s+)?import\s+(?<names>.+)$")]
    private static partial Regex Import();

    [GeneratedRegex(@"\bas\s+(?<name>\w+)$")]
    private static partial Regex As();

    // a = b = f(x), a, b = c, a: T = b; comparisons and keyword arguments do not begin a line.
    [GeneratedRegex(@"^\(?(?<targets>[\w\s,.*\[\]]+\)?(?::[^=]+)?(?:=\s*\(?[\w\s,.*\[\]]+\)?)*)(?:[-+*/|&^%@]|//|\*\*|>>|<<)?=(?!=)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\b(?:for|as)\s+(?<name>\w+)|(?<name>\w+)\s*:=|[;:]\s*(?:(?:async\s+)?(?:def|class)\s+)?(?<name>\w+)\s*=(?!=)")]
    private static partial Regex Bindings();

    [GeneratedRegex(@"\b[^\W\d]\w*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bimport\s*\(?\s*\*|\bglobals\s*\(|\bexec\s*\(|\bvars\s*\(|\bsetattr\s*\(|\bsys\s*\.\s*modules\b")]
    private static partial Regex Dynamic();
}
