namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3100 to LLC3199: what a layer may hold, but hardly wants to. These are warnings.</summary>
internal static partial class ContentErrors
{
    public static Diagnostic DuplicateEntries(int count, string first) => new(
        "LLC3100",
        $"the zip holds {(count == 1 ? "one entry" : $"{Number(count)} entries")} more than once (first: "
        + $"'{Shown(first)}'). The last of each was taken; make the zip again without the others.");

    public static Diagnostic ScriptHasWindowsLineEnds(string imagePath) => new(
        "LLC3101",
        $"the first line of the script '{Shown(imagePath)}' ends as on Windows (CR LF), so Linux looks for an "
        + "interpreter with a CR in its name and Lambda fails with 'no such file'. Save it with LF line ends; in git: "
        + "'* text eol=lf' in .gitattributes.");

    public static Diagnostic ExtensionIsNotExecutable(string imagePath) => new(
        "LLC3102",
        $"'{Shown(imagePath)}' is neither a Linux program nor a script with '#!', yet Lambda starts every file that "
        + "lies directly in /opt/extensions, and the function fails with it. Move it elsewhere in the layer.");

    public static Diagnostic LayerIsEmpty() => new(
        "LLC3103", "the layer holds no files. Correct the Include, or fill it before the image is published.");
}
