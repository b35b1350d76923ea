using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// LLC2301 to LLC2310, LLC3350 to LLC3352 and LLC5008: what a function would trip over when Lambda creates or starts it, and
/// aws-lambda-tools-defaults.json.
/// </summary>
internal static class FunctionImageErrors
{
    // Rules of verification look for these in images, too.
    public const string HandlerMalformedCode = "LLC2302";
    public const string CommandNotSingleCode = "LLC2304";
    public const string TooManyExtensionsCode = "LLC3350";

    public static LayersException HandlerMissing(string assembly) =>
        new("LLC2301", "A class-library function needs a handler, and neither LambdaHandler nor "
            + "aws-lambda-tools-defaults.json has one. Write it as assembly::type::method: "
            + $"<LambdaHandler>{assembly}::{assembly}.Function::FunctionHandler</LambdaHandler>.");

    public static LayersException HandlerMalformed(string handler, string assembly) =>
        new(HandlerMalformedCode, $"The handler '{handler}' is not assembly::type::method, as a class library's must be. "
            + $"Write it like <LambdaHandler>{assembly}::{assembly}.Function::FunctionHandler</LambdaHandler>.");

    public static LayersException HandlerOfOtherAssembly(string handler, string named, string assembly) =>
        new("LLC2303", $"The handler '{handler}' names the assembly '{named}', which is not published here: the "
            + $"project's assembly is '{assembly}'. Write <LambdaHandler>{assembly}{handler[named.Length..]}</LambdaHandler>.");

    public static LayersException CommandNotSingle(IReadOnlyList<string> command) =>
        new(CommandNotSingleCode, "The entry point of AWS's base images takes exactly one argument, the handler, but CMD has "
            + $"{command.Count}: [{string.Join(", ", command)}]. Leave one ContainerDefaultArgs item, or use LambdaHandler "
            + "instead of it; an entry point of your own goes into ContainerEntrypoint.");

    public static LayersException ToolsDefaultsBroken(string path, long line, string problem) =>
        new("LLC2305", $"'{path}' cannot be read, line {line}: {problem} Mend the JSON there, or delete the file.");

    public static LayersException ToolsDefaultsUnusable(string path, string key, string value, string takes) =>
        new("LLC2306", $"'{path}': {key} is '{value}'. It takes {takes}.");

    public static Diagnostic ToolsDefaultsNotApplied(string path, string key, string value, string remedy) =>
        new("LLC2307", $"'{path}' sets {key} to '{value}', which a running build cannot take over. {remedy}");

    public static LayersException ArchitectureDiffers(string path, string architecture, string rid, string wanted) =>
        new("LLC2308", $"'{path}' asks for {architecture}, but this project is published for {rid}, the machine that "
            + "builds. An app that brings its own runtime must know its platform before restore, so it goes into the "
            + $"project: <RuntimeIdentifier>{wanted}</RuntimeIdentifier>.");

    public static LayersException NoDotnetInBase(string image) =>
        new("LLC2309", $"'{image}' brings no .NET, and this function is published framework-dependent. Publish it "
            + "self-contained (<PublishSelfContained>true</PublishSelfContained>) or use AWS's .NET image: remove "
            + "ContainerBaseImage, or set it to public.ecr.aws/lambda/dotnet:10.");

    public static LayersException LibraryNeedsAwsBase(string image) =>
        new("LLC2310", $"'{image}' has no Lambda entry point that could load a class library. Use AWS's .NET image "
            + "(remove ContainerBaseImage), or make the project an executable: <OutputType>Exe</OutputType>.");

    public static LayersException TooManyExtensions(IReadOnlyList<string> extensions, int most) =>
        new(TooManyExtensionsCode, $"The image has {extensions.Count} files in /opt/extensions, and Lambda starts at most {most} "
            + $"extensions for a function: {string.Join(", ", extensions)}. Leave out some of the layers that bring them.");

    public static Diagnostic FunctionIsIndex(IReadOnlyCollection<string> platforms) =>
        new("LLC3351", $"The image is made for {platforms.Count} platforms ({string.Join(", ", platforms)}), so its tag "
            + "will name an index, which Lambda refuses. Give functions the image of one platform: its tag ends in the "
            + "runtime identifier. Or publish for one: <RuntimeIdentifier>linux-x64</RuntimeIdentifier>.");

    public static LayersException PublishedManifestBroken(string path, string problem) =>
        new("LLC3352", $"'{path}' is not a dependency manifest of .NET: {problem} Publish again after `dotnet clean`, or "
            + "leave dependencies and code together: <LambdaSplitDependencies>false</LambdaSplitDependencies>.");

    public static LayersException CannotWriteStoreManifest(string path, Exception inner) =>
        new("LLC5008", $"The published files cannot be staged in '{path}': {inner.Message} "
            + "Close what holds files there, or set <LambdaSplitDependencies>false</LambdaSplitDependencies>.", inner);
}
