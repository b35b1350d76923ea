using LambdaLayers.Containers.Core.Diagnostics;
using static LambdaLayers.Containers.Core.Diagnostics.DisplayText;

namespace LambdaLayers.Containers.Core.Packing.Folders;

/// <summary>LLC3080 to LLC3099: folders on disk.</summary>
internal static class FolderErrors
{
    public static LayersException FolderNotFound(string path) => new(
        "LLC3080", $"there is no folder '{path}'. Correct the Include; it is relative to the project's folder.");

    public static LayersException FolderIsFile(string path) => new(
        "LLC3081",
        $"'{path}' is a file, not a folder. A zip is recognised by its name, or say so: "
        + "<LambdaLayer Include=\"…\" Kind=\"Zip\" />.");

    public static LayersException FileUnreadable(string name, Exception cause) => new(
        "LLC3082", $"'{Name(name)}' in the folder cannot be read: {cause.Message}", cause);

    public static LayersException LinkLeavesForWindows(string name, string target) => new(
        "LLC3084",
        $"the symbolic link '{Name(name)}' points to the Windows path '{Name(target)}', which no image has. Make it "
        + "a relative link, or copy the file.");
}
