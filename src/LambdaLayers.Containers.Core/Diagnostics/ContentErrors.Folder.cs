namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC3080 to LLC3099: folders on disk.</summary>
internal static partial class ContentErrors
{
    public static LayersException FolderNotFound(string path) => Error(
        "LLC3080", $"there is no folder '{path}'. Correct the Include; it is relative to the project's folder.");

    public static LayersException FolderIsFile(string path) => Error(
        "LLC3081",
        $"'{path}' is a file, not a folder. A zip is recognised by its name, or say so: "
        + "<LambdaLayer Include=\"…\" Kind=\"Zip\" />.");

    public static LayersException FileUnreadable(string name, Exception cause) => Error(
        "LLC3082", $"'{Shown(name)}' in the folder cannot be read: {cause.Message}", cause);

    public static LayersException FileChanged(string name) => Error(
        "LLC3083",
        $"'{Shown(name)}' changed while it was read. Make sure that nothing writes to the folder during the publish "
        + "(order the step that fills it before PublishContainer), and publish again.");

    public static LayersException LinkLeavesForWindows(string name, string target) => Error(
        "LLC3084",
        $"the symbolic link '{Shown(name)}' points to the Windows path '{Shown(target)}', which no image has. Make it "
        + "a relative link, or copy the file.");
}
