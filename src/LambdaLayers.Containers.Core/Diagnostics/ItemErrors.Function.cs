namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC2300-LLC2399: functions, aws-lambda-tools-defaults.json, layer images.</summary>
internal static partial class ItemErrors
{
    public static LayersException HandlerMissing(string assembly) =>
        Error("LLC2301", "A class-library function needs a handler, and neither LambdaHandler nor "
            + "aws-lambda-tools-defaults.json has one. Write it as assembly::type::method: "
            + $"<LambdaHandler>{assembly}::{assembly}.Function::FunctionHandler</LambdaHandler>.");

    public static LayersException HandlerMalformed(string handler, string assembly) =>
        Error("LLC2302", $"The handler '{handler}' is not assembly::type::method, as a class library's must be. "
            + $"Write it like <LambdaHandler>{assembly}::{assembly}.Function::FunctionHandler</LambdaHandler>.");

    public static LayersException HandlerOfOtherAssembly(string handler, string named, string assembly) =>
        Error("LLC2303", $"The handler '{handler}' names the assembly '{named}', which is not published here: the "
            + $"project's assembly is '{assembly}'. Write <LambdaHandler>{assembly}{handler[named.Length..]}</LambdaHandler>.");

    public static LayersException CommandNotSingle(IReadOnlyList<string> command) =>
        Error("LLC2304", "The entry point of AWS's base images takes exactly one argument, the handler, but CMD has "
            + $"{command.Count}: [{string.Join(", ", command)}]. Leave one ContainerDefaultArgs item, or use LambdaHandler "
            + "instead of it; an entry point of your own goes into ContainerEntrypoint.");

    public static LayersException ToolsDefaultsBroken(string path, long line, string problem) =>
        Error("LLC2305", $"'{path}' cannot be read, line {line}: {problem} Mend the JSON there, or delete the file.");

    public static LayersException ToolsDefaultsUnusable(string path, string key, string value, string takes) =>
        Error("LLC2306", $"'{path}': {key} is '{value}'. It takes {takes}.");

    public static Diagnostic ToolsDefaultsNotApplied(string path, string key, string value, string remedy) =>
        new("LLC2307", $"'{path}' sets {key} to '{value}', which a running build cannot take over. {remedy}");

    public static LayersException ArchitectureDiffers(string path, string architecture, string rid, string wanted) =>
        Error("LLC2308", $"'{path}' asks for {architecture}, but this project is published for {rid}, the machine that "
            + "builds. An app that brings its own runtime must know its platform before restore, so it goes into the "
            + $"project: <RuntimeIdentifier>{wanted}</RuntimeIdentifier>.");

    public static LayersException NoDotnetInBase(string image) =>
        Error("LLC2309", $"'{image}' brings no .NET, and this function is published framework-dependent. Publish it "
            + "self-contained (<PublishSelfContained>true</PublishSelfContained>) or use AWS's .NET image: remove "
            + "ContainerBaseImage, or set it to public.ecr.aws/lambda/dotnet:10.");

    public static LayersException LibraryNeedsAwsBase(string image) =>
        Error("LLC2310", $"'{image}' has no Lambda entry point that could load a class library. Use AWS's .NET image "
            + "(remove ContainerBaseImage), or make the project an executable: <OutputType>Exe</OutputType>.");

    public static LayersException LayerImageHasNoDestination() =>
        Error("LLC2321", "A layer image goes to a registry or into an archive, not to a container daemon. Add "
            + "-p:ContainerRegistry=123456789012.dkr.ecr.us-east-1.amazonaws.com, or "
            + "-p:ContainerArchiveOutputPath=layer.tar.gz.");

    public static LayersException LayerImageIsEmpty() =>
        Error("LLC2322", "A layer image is made of LambdaLayer items, and the project has none for its platform: "
            + "<LambdaLayer Include=\"layers/tools/\" />.");
}
