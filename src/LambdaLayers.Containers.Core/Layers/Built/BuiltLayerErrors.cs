using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>LLC24xx and LLC5004: extension projects, and folders that a BuildCommand fills.</summary>
internal static class BuiltLayerErrors
{
    public static LayersException ProjectNotFound(string path) =>
        new("LLC2400", $"The project '{path}' does not exist. Relative paths start at the project's folder: "
            + "<LambdaLayer Include=\"../MyExtension/MyExtension.csproj\" />.");

    public static LayersException ExtensionHasSeveralFrameworks(string include, IReadOnlyList<string> frameworks) =>
        new("LLC2401", $"The extension project has several target frameworks ({string.Join(", ", frameworks)}). "
            + $"Say which one the function gets: <LambdaLayer Include=\"{include}\" "
            + $"AdditionalProperties=\"TargetFramework={frameworks[^1]}\" />.");

    public static LayersException ExtensionIsLibrary(string outputType) =>
        new("LLC2402", $"The extension project makes no program (its OutputType is {outputType}). Lambda starts an "
            + "extension as a process of its own; put <OutputType>Exe</OutputType> into the extension project.");

    public static LayersException ExtensionNeedsDotnet(string baseImage) =>
        new("LLC2403", $"The extension project is framework-dependent, but the base image {baseImage} has no .NET. "
            + "Put <SelfContained>true</SelfContained> or <PublishAot>true</PublishAot> into the extension project, or use "
            + "a base image with .NET, such as public.ecr.aws/lambda/dotnet:10.");

    public static LayersException ExtensionHasNoProgram(string name) =>
        new("LLC2404", $"The extension project publishes neither a program '{name}' nor '{name}.dll'. "
            + "Leave UseAppHost and the names of the published files as the SDK sets them.");

    public static LayersException ExtensionNotPublished() =>
        new("LLC2405", "The extension project is not published for this image. "
            + "Publishing the function does it: dotnet publish -t:PublishContainer.");

    public static LayersException BuildInputNotFound(string path) =>
        new("LLC2411", $"BuildInputs names '{path}', which does not exist. Relative paths start at the project's folder; "
            + "several are separated by semicolons and may have wildcards: BuildInputs=\"requirements.txt;src/**/*.py\".");

    public static LayersException BuildCommandFailed(int exitCode, IReadOnlyList<string> lastLines) =>
        new("LLC2412", string.Create(CultureInfo.InvariantCulture, $"The BuildCommand ended with exit code {exitCode}")
            + (lastLines.Count == 0 ? " and printed nothing." : ": " + string.Join(" | ", lastLines)));

    public static LayersException BuildCommandMadeNothing() =>
        new("LLC2413", "The BuildCommand left its output folder empty. It must write the layer's files below {output} "
            + "(or the folder in the environment variable LAMBDA_LAYER_OUTPUT): "
            + "BuildCommand=\"pip install -r requirements.txt -t {output}/python\".");

    public static LayersException FolderNotBuilt() =>
        new("LLC2415", "The BuildCommand has not run for this image. "
            + "Publishing the function runs it: dotnet publish -t:PublishContainer.");

    public static LayersException BuildInputIsSpecial(string path, string kind) =>
        new("LLC2416", $"A BuildCommand's input '{DisplayText.Name(path)}' is a {kind}, which cannot be read to its end. "
            + "Remove it from the folder, or name the files that the command reads: BuildInputs=\"src/**/*.py\".");

    public static LayersException CannotWriteBuildFolder(string path, Exception inner) =>
        new("LLC5004", $"'{path}' cannot be written: {inner.Message} It lies below the project's intermediate folder "
            + "(obj), which this user must be able to write.", inner);
}
