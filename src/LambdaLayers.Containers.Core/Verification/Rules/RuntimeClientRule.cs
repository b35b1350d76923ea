using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A function's image that is not AWS's has to speak the Runtime API by itself: a .NET application with AWS's runtime
/// client in it, or a web adapter as an extension.
/// </summary>
internal sealed class RuntimeClientRule() : ImageRule(
    "LLC3547", RuleSeverity.Warning, "Nothing in the image speaks Lambda's Runtime API", Sources.ImageRequirements)
{
    private const string Client = "Amazon.Lambda.RuntimeSupport";

    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image,
        CancellationToken cancellationToken)
    {
        // Only of a .NET application can it be told: a native or bundled program shows nothing.
        if (!image.IsRun || image.HasAwsEntryPoint
            || StartedProgram.Of(image).FirstOrDefault(program => program.IsData) is not { File: not null } assembly
            || AwsBaseImage.Is(image.Config))
            return [];
        var folder = assembly.Path[..assembly.Path.LastIndexOf('/')];
        if (image.Files.Find($"{folder}/{Client}.dll") is not null || image.Files.In("/opt/extensions").Any())
            return [];
        var bytes = await image.Files.ReadAsync(assembly.File, cancellationToken);
        // Own clients ask for the variable by its name.
        if (bytes is null || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("AWS_LAMBDA_RUNTIME_API")) >= 0)
            return [];
        return
        [
            Found(
                $"'{DisplayText.Name(assembly.Path)}' is started by an image that is not AWS's, and {Client} is not beside it: nothing "
                + $"asks Lambda for events, and the function times out. Add <PackageReference Include=\"{Client}\" />, or use AWS's base "
                + "image, which a project with <AWSProjectType>Lambda</AWSProjectType> has unless ContainerBaseImage or ContainerFamily "
                + "names another.",
                assembly.Path,
                assembly.File.Layer),
        ];
    }
}
