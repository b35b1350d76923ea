using LambdaLayers.Containers.Core.Diagnostics;
using static LambdaLayers.Containers.Core.Diagnostics.DisplayText;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// LLC3050 to LLC3079: names and kinds of entries, and limits, whatever the source of a layer is; LLC3083; LLC3100 to
/// LLC3199: what a layer may hold, but hardly wants to.
/// </summary>
internal static class PackingErrors
{
    public static LayersException PathIsAbsolute(string name) => new(
        "LLC3050",
        $"the entry '{Name(name)}' has an absolute name. A layer's names are relative to its root: make it again "
        + "from inside its folder, for example 'cd content && zip -r ../layer.zip .'.");

    public static LayersException PathHasDrive(string name) => new(
        "LLC3051",
        $"the entry '{Name(name)}' begins with a drive letter. A layer's names are relative to its root: make it "
        + "again from inside its folder.");

    public static LayersException PathEscapes(string name) => new(
        "LLC3052",
        $"the entry '{Name(name)}' has '..' in its name and could leave the layer. Nothing of the layer is used; "
        + "do not trust its maker, or make it again from inside its folder.");

    public static LayersException PathHasBackslash(string name) => new(
        "LLC3053",
        $"the entry '{Name(name)}' has a backslash in its name, which is a separator on Windows and a letter on "
        + "Linux. Make the layer again with '/' between folders.");

    public static LayersException PathHasNul(string name) => new(
        "LLC3054",
        $"the entry '{Name(name)}' has a NUL character in its name, which no Linux file can have. Make the layer again.");

    public static LayersException PathHasEmptySegment(string name) => new(
        "LLC3055",
        $"the entry '{Name(name)}' has an empty name, or two slashes in a row. Make the layer again.");

    public static LayersException PathIsTooLong(string name, int segmentLimit, int pathLimit) => new(
        "LLC3056",
        $"the entry '{Name(name)}' has a name that Linux cannot hold (at most {segmentLimit} bytes of UTF-8 between "
        + $"two slashes and {pathLimit} in all). Shorten it.");

    public static LayersException PathIsWhiteout(string name) => new(
        "LLC3057",
        $"the entry '{Name(name)}' has a name that begins with '.wh.', which in an image layer means: delete this "
        + "file of the layers below. Rename it, or leave it out.");

    public static LayersException EntryBelowSymlink(string name, string link) => new(
        "LLC3058",
        $"the entry '{Name(name)}' lies below '{Name(link)}', which is a symbolic link in the same layer, so it "
        + "would be written wherever that points. Make the layer again with a folder, or with the link alone.");

    public static LayersException FileIsAlsoFolder(string name, string file) => new(
        "LLC3059",
        $"'{Name(file)}' is a file, and also the folder of '{Name(name)}'. Make the layer again with one of them.");

    public static LayersException EntryIsSpecial(string name, string kind) => new(
        "LLC3060",
        $"the entry '{Name(name)}' is a {kind}. Layers hold files, folders and symbolic links only: leave it out.");

    public static LayersException PathIsNotUnicode(string name) => new(
        "LLC3061",
        $"the name of the entry '{Name(name)}' is not valid Unicode. Rename it, or make the layer again with a tool "
        + "that writes UTF-8 names.");

    public static LayersException HardLinkWithoutFile(string name, string target) => new(
        "LLC3062",
        $"the hard link '{Name(name)}' names '{Name(target)}', which is not a file of the same layer.");

    public static LayersException LinkTargetIsInvalid(string name) => new(
        "LLC3063",
        $"the symbolic link '{Name(name)}' has no target, or one that Linux cannot hold (1 to 4095 bytes of UTF-8 "
        + "without NUL). Make the layer again.");

    public static LayersException TooManyEntries(long count, int limit) => new(
        "LLC3070",
        $"the layer has {Number(count)} entries; at most {Number(limit)} are taken. Split it, or leave out what the "
        + "function does not need.");

    public static LayersException TooLarge(long size, long limit) => new(
        "LLC3071",
        $"the layer's files have {Number(size)} bytes in all; Lambda takes images of at most {Number(limit)} bytes. "
        + "Leave out what the function does not need.");

    public static LayersException TooDeep(string name, int limit) => new(
        "LLC3072",
        $"the entry '{Name(name)}' lies below more than {Number(limit)} folders. Nothing that a function uses is so deep: make "
        + "the layer again without it.");

    public static LayersException TooManyNameBytes(long limit) => new(
        "LLC3073",
        $"the names and link targets of the layer's entries have more than {Number(limit)} bytes in all. Split it, or leave out "
        + "what the function does not need.");

    public static LayersException ExpandsTooMuch(long size, long compressed) => new(
        "LLC3074",
        $"the layer unpacks from {Number(compressed)} to {Number(size)} bytes, as archives made to fill disks do. Leave out what "
        + "is nearly empty (sparse files, blank disk images), or let the function make it when it starts.");

    public static LayersException FileChanged(string name) => new(
        "LLC3083",
        $"'{Name(name)}' changed while it was read. Make sure that nothing writes to the folder during the publish "
        + "(order the step that fills it before PublishContainer), and publish again.");

    public static Diagnostic ScriptHasWindowsLineEnds(string imagePath) => new(
        "LLC3101",
        $"the first line of the script '{Name(imagePath)}' ends as on Windows (CR LF), so Linux looks for an "
        + "interpreter with a CR in its name and Lambda fails with 'no such file'. Save it with LF line ends; in git: "
        + "'* text eol=lf' in .gitattributes.");

    public static Diagnostic ExtensionIsNotExecutable(string imagePath) => new(
        "LLC3102",
        $"'{Name(imagePath)}' is neither a Linux program nor a script with '#!', yet Lambda starts every file that "
        + "lies directly in /opt/extensions, and the function fails with it. Move it elsewhere in the layer.");

    public static Diagnostic LayerIsEmpty() => new(
        "LLC3103", "the layer holds no files. Correct the Include, or fill it before the image is published.");
}
