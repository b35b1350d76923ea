using LambdaLayers.Containers.Core.Diagnostics;
using static LambdaLayers.Containers.Core.Diagnostics.DisplayText;

namespace LambdaLayers.Containers.Core.Packing.Zip;

/// <summary>LLC3000 to LLC3049: zips.</summary>
internal static class ZipErrors
{
    private const string MakeAgain = "Download or make it again, for example with 'zip -r layer.zip .'.";

    public static LayersException ZipNotFound(string path) => new(
        "LLC3000", $"there is no file '{path}'. Correct the Include; it is relative to the project's folder.");

    public static LayersException ZipIsFolder(string path) => new(
        "LLC3001",
        $"'{path}' is a folder, not a zip. For a layer made of a folder's files rename it, or say so: "
        + "<LambdaLayer Include=\"…\" Kind=\"Directory\" />.");

    public static LayersException ZipUnreadable(string path, Exception cause) => new(
        "LLC3002", $"the zip '{path}' cannot be read: {cause.Message}", cause);

    public static LayersException ZipIsEmptyFile() => new(
        "LLC3003", $"the zip has no bytes: a download or a build step that failed leaves such a file. {MakeAgain}");

    public static LayersException NotAZip() => new(
        "LLC3004",
        "the file is not a zip: it neither begins nor ends like one. Layers are zips; unpack a tar or another "
        + "archive and give its folder instead.");

    public static LayersException ZipTruncated() => new(
        "LLC3005",
        $"the zip begins well, but its end is missing, or other bytes follow it: it was not copied whole. {MakeAgain}");

    public static LayersException ZipDamaged(string detail) => new(
        "LLC3006", $"the zip's table of contents is damaged: {detail}. {MakeAgain}");

    public static LayersException ZipIsSplit() => new(
        "LLC3007", "the zip is one part of a split archive. Join the parts, for example with 'zip -s 0 in.zip --out layer.zip'.");

    public static LayersException EntryIsEncrypted(string name) => new(
        "LLC3010", $"the entry '{Name(name)}' is encrypted. Lambda has no password for it: make the zip without one.");

    public static LayersException EntryMethodUnknown(string name, int method) => new(
        "LLC3011",
        $"the entry '{Name(name)}' is compressed with method {method}. Lambda's zips are stored (0) or deflated (8): "
        + "make it again, for example with 'zip -r layer.zip .'.");

    public static LayersException EntriesOverlap(string name, string other) => new(
        "LLC3012",
        $"the entries '{Name(other)}' and '{Name(name)}' share bytes of the zip, as archives made for attacks do. "
        + "Do not trust its maker, or make it again.");

    public static LayersException EntryHeadersDisagree(string name, string what) => new(
        "LLC3013",
        $"the zip says two things about the {what} of the entry '{Name(name)}' (in its table of contents and beside "
        + "the data), so tools would unpack it differently. Make the zip again.");

    public static LayersException EntrySizeLies(string name, long declared, string actual) => new(
        "LLC3014",
        $"the entry '{Name(name)}' should have {Number(declared)} bytes and has {actual}. The zip is damaged. {MakeAgain}");

    public static LayersException EntryChecksumLies(string name) => new(
        "LLC3015", $"the checksum (CRC-32) of the entry '{Name(name)}' is wrong. The zip is damaged. {MakeAgain}");

    public static LayersException EntryDataDamaged(string name, Exception? cause = null) => new(
        "LLC3016", $"the compressed data of the entry '{Name(name)}' is damaged. {MakeAgain}", cause);

    public static LayersException FolderEntryHasData(string name) => new(
        "LLC3017", $"the entry '{Name(name)}' is named like a folder and has the content of a file or link. Make the zip again.");

    public static LayersException EntryOutsideZip(string name) => new(
        "LLC3018", $"the data of the entry '{Name(name)}' lies outside the zip. The zip is damaged. {MakeAgain}");

    /// <param name="where">Where the bytes lie: "before the first entry", "after the entry 'x'".</param>
    public static LayersException BytesOfNoEntry(long count, string where) => new(
        "LLC3019",
        $"the zip holds {Number(count)} bytes {where} that belong to no entry of its table of contents. Other tools may find "
        + $"files there that are not in this layer. {MakeAgain}");

    public static LayersException EndIsAmbiguous(string detail) => new(
        "LLC3020",
        $"the zip's end can be read in more than one way: {detail}. Other tools may find other files in it. {MakeAgain}");

    public static LayersException EntryKindIsAmbiguous(string name, string detail) => new(
        "LLC3021",
        $"the zip says two things about what the entry '{Name(name)}' is: {detail}. Tools would unpack it differently. "
        + "Make the zip again.");

    public static LayersException DuplicateEntry(string name) => new(
        "LLC3022",
        $"the zip holds the entry '{Name(name)}' more than once, and tools differ in which one they take. Remove all but one "
        + $"('zip -d layer.zip NAME' removes all), or make the zip again.");

    public static LayersException EntryNameIsAmbiguous(string name, string detail) => new(
        "LLC3023",
        $"the name of the entry '{Name(name)}' can be read in more than one way: {detail}. Make the zip again.");
}
