namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3000 to LLC3049: zips.</summary>
internal static partial class ContentErrors
{
    private const string MakeAgain = "Download or make it again, for example with 'zip -r layer.zip .'.";

    public static LayersException ZipNotFound(string path) => Error(
        "LLC3000", $"there is no file '{path}'. Correct the Include; it is relative to the project's folder.");

    public static LayersException ZipIsFolder(string path) => Error(
        "LLC3001",
        $"'{path}' is a folder, not a zip. For a layer made of a folder's files rename it, or say so: "
        + "<LambdaLayer Include=\"…\" Kind=\"Directory\" />.");

    public static LayersException ZipUnreadable(string path, Exception cause) => Error(
        "LLC3002", $"the zip '{path}' cannot be read: {cause.Message}", cause);

    public static LayersException ZipIsEmptyFile() => Error(
        "LLC3003", $"the zip has no bytes: a download or a build step that failed leaves such a file. {MakeAgain}");

    public static LayersException NotAZip() => Error(
        "LLC3004",
        "the file is not a zip: it neither begins nor ends like one. Layers are zips; unpack a tar or another "
        + "archive and give its folder instead.");

    public static LayersException ZipTruncated() => Error(
        "LLC3005",
        $"the zip begins well, but its end is missing, or other bytes follow it: it was not copied whole. {MakeAgain}");

    public static LayersException ZipDamaged(string detail) => Error(
        "LLC3006", $"the zip's table of contents is damaged: {detail}. {MakeAgain}");

    public static LayersException ZipIsSplit() => Error(
        "LLC3007", "the zip is one part of a split archive. Join the parts, for example with 'zip -s 0 in.zip --out layer.zip'.");

    public static LayersException EntryIsEncrypted(string name) => Error(
        "LLC3010", $"the entry '{Shown(name)}' is encrypted. Lambda has no password for it: make the zip without one.");

    public static LayersException EntryMethodUnknown(string name, int method) => Error(
        "LLC3011",
        $"the entry '{Shown(name)}' is compressed with method {method}. Lambda's zips are stored (0) or deflated (8): "
        + "make it again, for example with 'zip -r layer.zip .'.");

    public static LayersException EntriesOverlap(string name, string other) => Error(
        "LLC3012",
        $"the entries '{Shown(other)}' and '{Shown(name)}' share bytes of the zip, as archives made for attacks do. "
        + "Do not trust its maker, or make it again.");

    public static LayersException EntryHeadersDisagree(string name, string what) => Error(
        "LLC3013",
        $"the zip says two things about the {what} of the entry '{Shown(name)}' (in its table of contents and beside "
        + "the data), so tools would unpack it differently. Make the zip again.");

    public static LayersException EntrySizeLies(string name, long declared, string actual) => Error(
        "LLC3014",
        $"the entry '{Shown(name)}' should have {Number(declared)} bytes and has {actual}. The zip is damaged. {MakeAgain}");

    public static LayersException EntryChecksumLies(string name) => Error(
        "LLC3015", $"the checksum (CRC-32) of the entry '{Shown(name)}' is wrong. The zip is damaged. {MakeAgain}");

    public static LayersException EntryDataDamaged(string name, Exception? cause = null) => Error(
        "LLC3016", $"the compressed data of the entry '{Shown(name)}' is damaged. {MakeAgain}", cause);

    public static LayersException FolderEntryHasData(string name) => Error(
        "LLC3017", $"the entry '{Shown(name)}' is named like a folder and has the content of a file or link. Make the zip again.");

    public static LayersException EntryOutsideZip(string name) => Error(
        "LLC3018", $"the data of the entry '{Shown(name)}' lies outside the zip. The zip is damaged. {MakeAgain}");
}
