using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Lambda starts at most ten extensions. Those of items are counted before anything is made
/// (<see cref="FunctionPreflight"/>); here are those of the base image and the application too.
/// </summary>
internal sealed class ExtensionCountRule() : ImageRule(
    FunctionImageErrors.TooManyExtensionsCode, RuleSeverity.Error, "The image has more than ten extensions", Sources.Extensions)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var extensions = image.Files.In("/" + LambdaFolders.ExtensionsFolder).Where(file => !file.IsFolder)
            .Select(file => file.Path.Split('/')[^1]).ToList();
        if (extensions.Count > FunctionPreflight.MostExtensions)
            yield return Found(FunctionImageErrors.TooManyExtensions(extensions,
                FunctionPreflight.MostExtensions).Diagnostic.Message);
    }
}

/// <summary>Lambda starts the files in /opt/extensions, and passes over folders without a word.</summary>
internal sealed class ExtensionFolderRule() : ImageRule(
    "LLC3530", RuleSeverity.Warning, "An extension lies in a folder of its own", Sources.ExtensionsApi)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from folder in image.Files.In("/" + LambdaFolders.ExtensionsFolder)
        where folder.IsFolder
        let program = image.Files.In(folder.Path).FirstOrDefault(file => file is
        {
            IsFile: true, IsExecutable: true,
            Record: { Elf: not null } or { Shebang: not null }
        })
        where program is not null
        select Found(
            $"'{DisplayText.Name(program.Path)}' is a program in a folder of /opt/extensions, and Lambda starts only "
                + "the files directly in there: it is not started. "
            + $"Move it up, to '{DisplayText.Name(folder.Path)}' itself, and what belongs to it "
            + "elsewhere.", program.Path, program.Layer);
}

/// <summary>The provided images' bootstrap is the function, and does not look at the variable for wrappers.</summary>
internal sealed class IgnoredWrapperRule() : ImageRule(
    "LLC3531", RuleSeverity.Warning, "AWS_LAMBDA_EXEC_WRAPPER has no "
        + "effect", "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper")
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var config = image.Config;
        if (image.IsRun && image.HasAwsEntryPoint && !AwsBaseImage.HasDotnet(config)
            && config.EnvironmentVariable("AWS_LAMBDA_EXEC_WRAPPER") is { Length: > 0 } wrapper
            && image.Files.FindItself("/var/runtime/bootstrap") is { IsLink: true })
        {
            yield return Found(
                $"AWS_LAMBDA_EXEC_WRAPPER is '{DisplayText.Name(wrapper)}', and in a provided image nothing looks at "
                    + "it: Lambda's managed runtimes do. Call the wrapper in the "
                + "bootstrap, or use the image of a runtime, such as public.ecr.aws/lambda/dotnet:10.");
        }
    }
}
