namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>Text for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>One word whatever it holds; as it is, where no shell gives its characters a meaning.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or ':' or '@')
            ? text
            : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
