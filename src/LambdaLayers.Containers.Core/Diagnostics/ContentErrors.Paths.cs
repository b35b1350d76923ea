namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3050 to LLC3079: names and kinds of entries, and limits, whatever the source of a layer is.</summary>
internal static partial class ContentErrors
{
    public static LayersException PathIsAbsolute(string name) => Error(
        "LLC3050",
        $"the entry '{Shown(name)}' has an absolute name. A layer's names are relative to its root: make it again "
        + "from inside its folder, for example 'cd content && zip -r ../layer.zip .'.");

    public static LayersException PathHasDrive(string name) => Error(
        "LLC3051",
        $"the entry '{Shown(name)}' begins with a drive letter. A layer's names are relative to its root: make it "
        + "again from inside its folder.");

    public static LayersException PathEscapes(string name) => Error(
        "LLC3052",
        $"the entry '{Shown(name)}' has '..' in its name and could leave the layer. Nothing of the layer is used; "
        + "do not trust its maker, or make it again from inside its folder.");

    public static LayersException PathHasBackslash(string name) => Error(
        "LLC3053",
        $"the entry '{Shown(name)}' has a backslash in its name, which is a separator on Windows and a letter on "
        + "Linux. Make the layer again with '/' between folders.");

    public static LayersException PathHasNul(string name) => Error(
        "LLC3054",
        $"the entry '{Shown(name)}' has a NUL character in its name, which no Linux file can have. Make the layer again.");

    public static LayersException PathHasEmptySegment(string name) => Error(
        "LLC3055",
        $"the entry '{Shown(name)}' has an empty name, or two slashes in a row. Make the layer again.");

    public static LayersException PathIsTooLong(string name, int segmentLimit, int pathLimit) => Error(
        "LLC3056",
        $"the entry '{Shown(name)}' has a name that Linux cannot hold (at most {segmentLimit} bytes of UTF-8 between "
        + $"two slashes and {pathLimit} in all). Shorten it.");

    public static LayersException PathIsWhiteout(string name) => Error(
        "LLC3057",
        $"the entry '{Shown(name)}' has a name that begins with '.wh.', which in an image layer means: delete this "
        + "file of the layers below. Rename it, or leave it out.");

    public static LayersException EntryBelowSymlink(string name, string link) => Error(
        "LLC3058",
        $"the entry '{Shown(name)}' lies below '{Shown(link)}', which is a symbolic link in the same layer, so it "
        + "would be written wherever that points. Make the layer again with a folder, or with the link alone.");

    public static LayersException FileIsAlsoFolder(string name, string file) => Error(
        "LLC3059",
        $"'{Shown(file)}' is a file, and also the folder of '{Shown(name)}'. Make the layer again with one of them.");

    public static LayersException EntryIsSpecial(string name, string kind) => Error(
        "LLC3060",
        $"the entry '{Shown(name)}' is a {kind}. Layers hold files, folders and symbolic links only: leave it out.");

    public static LayersException PathIsNotUnicode(string name) => Error(
        "LLC3061",
        $"the name of the entry '{Shown(name)}' is not valid Unicode. Rename it, or make the layer again with a tool "
        + "that writes UTF-8 names.");

    public static LayersException HardLinkWithoutFile(string name, string target) => Error(
        "LLC3062",
        $"the hard link '{Shown(name)}' names '{Shown(target)}', which is not a file of the same layer.");

    public static LayersException LinkTargetIsInvalid(string name) => Error(
        "LLC3063",
        $"the symbolic link '{Shown(name)}' has no target, or one that Linux cannot hold (1 to 4095 bytes of UTF-8 "
        + "without NUL). Make the layer again.");

    public static LayersException TooManyEntries(long count, int limit) => Error(
        "LLC3070",
        $"the layer has {Number(count)} entries; at most {Number(limit)} are taken. Split it, or leave out what the "
        + "function does not need.");

    public static LayersException TooLarge(long size, long limit) => Error(
        "LLC3071",
        $"the layer's files have {Number(size)} bytes in all; Lambda takes images of at most {Number(limit)} bytes. "
        + "Leave out what the function does not need.");

    /// <summary>A name as it may stand in a log: without control characters, and not endless.</summary>
    private static string Shown(string name) => DisplayText.Name(name);
    private static string Number(long value) => DisplayText.Number(value);
}
