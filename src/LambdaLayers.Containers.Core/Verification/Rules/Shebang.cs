using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// The first line of a script: what runs it (https://man7.org/linux/man-pages/man2/execve.2.html, "Interpreter
/// scripts").
/// </summary>
/// <param name="Interpreter">Absolute path of the interpreter.</param>
/// <param name="Argument">What follows it; empty for nothing.</param>
/// <param name="HasCarriageReturn">Whether the line ends as Windows writes it.</param>
internal sealed record Shebang(string Interpreter, string Argument, bool HasCarriageReturn)
{
    /// <summary>Of a script; null for any other file.</summary>
    public static Shebang? Of(FoundFile file)
    {
        if (file.Record?.Shebang is not { } line)
            return null;
        var text = line.TrimEnd('\r').Trim(' ', '\t');
        var end = text.IndexOfAny([' ', '\t']);
        return end < 0
            ? new Shebang(text, "", line.EndsWith('\r'))
            : new Shebang(text[..end], text[end..].Trim(), line.EndsWith('\r'));
    }

    /// <summary>Whether what it names is known not to be in the image.</summary>
    public bool IsMissing(InspectedImage image) => Missing(image).Length > 0;

    /// <summary>What it names and is not in the image; empty when all is there or nobody can tell.</summary>
    public string Missing(InspectedImage image)
    {
        if (image.Files.Find(Interpreter) is null)
            return image.IsDecidable(Interpreter) ? Interpreter : "";
        // #!/usr/bin/env NAME looks along the PATH; options of env's own are left alone.
        return Interpreter.EndsWith("/env", StringComparison.Ordinal) && Argument.Length > 0
            && !Argument.StartsWith('-') && image.IsWhole
            && !StartedProgram.Locate(image, Argument.Split(' ')[0]).StartsWith('/')
            ? Argument.Split(' ')[0]
            : "";
    }
}
