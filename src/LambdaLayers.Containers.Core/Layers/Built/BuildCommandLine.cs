namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>A BuildCommand with its placeholder filled in.</summary>
internal static class BuildCommandLine
{
    /// <summary>The environment variable with the folder that the command writes to.</summary>
    public const string OutputVariable = "LAMBDA_LAYER_OUTPUT";

    private const string Placeholder = "{output}";

    /// <summary>
    /// Puts a reference to <see cref="OutputVariable"/> in the place of each <c>{output}</c>, as one word inside whatever
    /// quotes the user wrote. Never the folder itself: a shell would run what stands between backquotes in its name.
    /// </summary>
    /// <param name="command">The command as the user wrote it.</param>
    /// <param name="windows">cmd.exe's rules of quoting instead of the POSIX shell's.</param>
    public static string Fill(string command, bool windows)
    {
        var parts = command.Split(Placeholder);
        var filled = parts[0];
        foreach (var part in parts[1..])
            filled += Reference(OpenQuote(filled, windows), windows) + part;
        return filled;
    }

    private static string Reference(char quote, bool windows) => (windows, quote) switch
    {
        (true, '"') => $"%{OutputVariable}%",
        (true, _) => $"\"%{OutputVariable}%\"",
        (false, '"') => $"${{{OutputVariable}}}",
        // Single quotes keep a variable from being one: they end for it and begin again.
        (false, '\'') => $"'\"${{{OutputVariable}}}\"'",
        (false, _) => $"\"${{{OutputVariable}}}\"",
    };

    // The quote that is open at the end of the text; '\0' when none is.
    private static char OpenQuote(string before, bool windows)
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

        return open;
    }
}
