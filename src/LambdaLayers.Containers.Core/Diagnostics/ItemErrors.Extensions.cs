namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2400 to LLC2409: extension projects.</summary>
internal static partial class ItemErrors
{
    public static LayersException ProjectNotFound(string path) =>
        Error("LLC2400", $"The project '{path}' does not exist. Relative paths start at the project's folder: "
            + "<LambdaLayer Include=\"../MyExtension/MyExtension.csproj\" />.");

    public static LayersException ExtensionHasSeveralFrameworks(string include, IReadOnlyList<string> frameworks) =>
        Error("LLC2401", $"The extension project has several target frameworks ({string.Join(", ", frameworks)}). "
            + $"Say which one the function gets: <LambdaLayer Include=\"{include}\" "
            + $"AdditionalProperties=\"TargetFramework={frameworks[^1]}\" />.");

    public static LayersException ExtensionIsLibrary(string outputType) =>
        Error("LLC2402", $"The extension project makes no program (its OutputType is {outputType}). Lambda starts an "
            + "extension as a process of its own; put <OutputType>Exe</OutputType> into the extension project.");

    public static LayersException ExtensionNeedsDotnet(string baseImage) =>
        Error("LLC2403", $"The extension project is framework-dependent, but the base image {baseImage} has no .NET. "
            + "Put <SelfContained>true</SelfContained> or <PublishAot>true</PublishAot> into the extension project, or use "
            + "a base image with .NET, such as public.ecr.aws/lambda/dotnet:10.");

    public static LayersException ExtensionHasNoProgram(string name) =>
        Error("LLC2404", $"The extension project publishes neither a program '{name}' nor '{name}.dll'. "
            + "Leave UseAppHost and the names of the published files as the SDK sets them.");

    public static LayersException ExtensionNotPublished() =>
        Error("LLC2405", "The extension project is not published for this image. "
            + "Publishing the function does it: dotnet publish -t:PublishContainer.");
}
