using System.Globalization;

namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2410 to LLC2419: folders that a BuildCommand fills.</summary>
internal static partial class ItemErrors
{
    public static LayersException BuildCommandNeedsFolder(string kind) =>
        Error("LLC2410", $"BuildCommand fills a folder, but this item is of kind {kind}. Name the folder, or say so: "
            + "<LambdaLayer Include=\"python-packages\" Kind=\"Directory\" BuildCommand=\"…\" />.");

    public static LayersException BuildInputNotFound(string path) =>
        Error("LLC2411", $"BuildInputs names '{path}', which does not exist. Relative paths start at the project's folder; "
            + "several are separated by semicolons and may have wildcards: BuildInputs=\"requirements.txt;src/**/*.py\".");

    public static LayersException BuildCommandFailed(int exitCode, IReadOnlyList<string> lastLines) =>
        Error("LLC2412", string.Create(CultureInfo.InvariantCulture, $"The BuildCommand ended with exit code {exitCode}")
            + (lastLines.Count == 0 ? " and printed nothing." : ": " + string.Join(" | ", lastLines)));

    public static LayersException BuildCommandMadeNothing() =>
        Error("LLC2413", "The BuildCommand left its output folder empty. It must write the layer's files below {output} "
            + "(or the folder in the environment variable LAMBDA_LAYER_OUTPUT): "
            + "BuildCommand=\"pip install -r requirements.txt -t {output}/python\".");

    public static LayersException BuildInputsWithoutCommand() =>
        Error("LLC2414", "BuildInputs says when a BuildCommand has to run again, but the item has no BuildCommand.");

    public static LayersException BuildInputIsSpecial(string path, string kind) =>
        Error("LLC2416", $"A BuildCommand's input '{DisplayText.Name(path)}' is a {kind}, which cannot be read to its end. "
            + "Remove it from the folder, or name the files that the command reads: BuildInputs=\"src/**/*.py\".");

    public static LayersException FolderNotBuilt() =>
        Error("LLC2415", "The BuildCommand has not run for this image. "
            + "Publishing the function runs it: dotnet publish -t:PublishContainer.");
}
