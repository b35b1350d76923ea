using System.Buffers;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>A BuildCommand with its placeholder filled in.</summary>
internal static class BuildCommandLine
{
    private const string Placeholder = "{output}";

    private static readonly SearchValues<char> TakenApartByCmd = SearchValues.Create(" &()[]{}^=;!'+,`~%");

    /// <summary>
    /// Puts <paramref name="output"/> in the place of each <c>{output}</c>, quoted where the shell would otherwise take it
    /// apart and the user has not quoted it already.
    /// </summary>
    /// <param name="command">The command as the user wrote it.</param>
    /// <param name="output">Absolute folder.</param>
    /// <param name="windows">cmd.exe's rules of quoting instead of the POSIX shell's.</param>
    public static string Fill(string command, string output, bool windows)
    {
        var parts = command.Split(Placeholder);
        var filled = parts[0];
        foreach (var part in parts[1..])
            filled += (IsQuoted(filled, windows) ? output : Quote(output, windows)) + part;
        return filled;
    }

    private static string Quote(string output, bool windows)
    {
        if (!windows)
            return ShellText.Quote(output);
        // Double quotes cannot be part of a Windows path.
        return output.AsSpan().ContainsAny(TakenApartByCmd) ? $"\"{output}\"" : output;
    }

    private static bool IsQuoted(string before, bool windows)
    {
        var open = '\0';
        for (var i = 0; i < before.Length; i++)
        {
            var c = before[i];
            if (c == '\\' && !windows && open != '\'')
                i++; // escapes the next character
            else if (open == '\0' && (c == '"' || (c == '\'' && !windows)))
                open = c;
            else if (c == open)
                open = '\0';
        }

        return open != '\0';
    }
}
