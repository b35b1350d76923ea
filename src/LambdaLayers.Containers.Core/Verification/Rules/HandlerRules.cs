using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>The handler of a class library has three parts; what has a colon and not three of them is none.</summary>
internal sealed class HandlerFormRule() : ImageRule(
    FunctionImageErrors.HandlerMalformedCode, RuleSeverity.Error, "The handler is not assembly::type::method", Sources.Handler)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.DotnetHandler is { } handler && handler.Contains(':') && !HandlerName.TryParse(handler, out _))
            yield return Found(FunctionImageErrors.HandlerMalformed(DisplayText.Name(handler), "Assembly").Diagnostic.Message);
    }
}

/// <summary>
/// The assembly that the handler names is in the task root; an executable's name leads to a file there.
/// </summary>
internal sealed class HandlerAssemblyRule() : ImageRule(
    "LLC3540", RuleSeverity.Error, "The handler's assembly is not in the image", Sources.DotnetBootstrap)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.DotnetHandler is not { } text || (text.Contains(':') && !HandlerName.TryParse(text, out _)))
            yield break;
        var isLibrary = HandlerName.TryParse(text, out var handler);
        var name = isLibrary ? handler!.Assembly : text;
        string[] places = isLibrary
            ? [$"{image.TaskRoot}/{name}.dll"]
            : [$"{image.TaskRoot}/{(name.EndsWith(".dll", StringComparison.Ordinal) ? name : name + ".dll")}",
            $"{image.TaskRoot}/{name}"];
        if (!places.Any(place => image.Files.Find(place) is not null) && image.IsDecidable(places[0]))
        {
            yield return Found(
                $"The handler '{DisplayText.Name(text)}' leads to "
                    + $"{string.Join(" or ", places.Select(place => $"'{DisplayText.Name(place)}'"))}, which is not "
                    + "in the image. "
                + "Correct LambdaHandler, or ContainerWorkingDirectory if the application went elsewhere.", places[0]);
        }
    }
}

/// <summary>The handler's type is in its assembly.</summary>
internal sealed class HandlerTypeRule() : ImageRule(
    "LLC3541", RuleSeverity.Error, "The handler's type does not exist", Sources.Handler)
{
    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image,
        CancellationToken cancellationToken)
    {
        if (!HandlerName.TryParse(image.DotnetHandler ?? "", out var handler)
            || await HandlerLookup.FindAsync(image, handler, cancellationToken) is not { HasType: false } lookup)
            return [];
        return
        [
            Found(
                $"The handler's type '{DisplayText.Name(handler.Type)}' is not in "
                    + $"{DisplayText.Name(handler.Assembly)}.dll. Write the full name, with namespace, and "
                    + "Outer+Nested "
                + $"for a nested type{(lookup.Alike is { } alike ? $"; there is '{DisplayText.Name(alike)}'" : "")}.",
                    $"{image.TaskRoot}/{handler.Assembly}.dll"),
        ];
    }
}

/// <summary>The handler's method is in its type, or inherited by it.</summary>
internal sealed class HandlerMethodRule() : ImageRule(
    "LLC3542", RuleSeverity.Error, "The handler's method does not exist", Sources.Handler)
{
    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image,
        CancellationToken cancellationToken)
    {
        if (!HandlerName.TryParse(image.DotnetHandler ?? "", out var handler)
            || await HandlerLookup.FindAsync(image, handler, cancellationToken) is not
            {
                HasType: true,
                HasMethod: false
            } lookup)
            return [];
        return
        [
            Found(
                $"The handler's method '{DisplayText.Name(handler.Method)}' is not in "
                    + $"'{DisplayText.Name(handler.Type)}' of {DisplayText.Name(handler.Assembly)}.dll"
                + $"{(lookup.Alike is { } alike ? $", which has '{DisplayText.Name(alike)}'" : "")}. Correct "
                + "LambdaHandler.", $"{image.TaskRoot}/{handler.Assembly}.dll"),
        ];
    }
}

/// <summary>
/// AWS's bootstrap starts a class library with the manifests of the handler's assembly (or of
/// LAMBDA_DOTNET_MAIN_ASSEMBLY), or else with the only ones in the task root, and ends with 105 or 106 where there
/// are none or several.
/// </summary>
internal sealed class ManifestFilesRule() : ImageRule(
    "LLC3543", RuleSeverity.Error, "AWS's bootstrap does not find the assembly's manifests", Sources.DotnetBootstrap)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!HandlerName.TryParse(image.DotnetHandler ?? "", out var handler) || !image.IsDecidable(image.TaskRoot))
            yield break;
        var main = image.Config.EnvironmentVariable("LAMBDA_DOTNET_MAIN_ASSEMBLY") is { Length: > 0 } named ? named
            : handler.Assembly;
        var name = main.EndsWith(".dll", StringComparison.Ordinal) ? main[..^4] : main;
        foreach (var ending in (string[])[".deps.json", ".runtimeconfig.json"])
        {
            if (image.Files.Find($"{image.TaskRoot}/{name}{ending}") is not null)
                continue;
            var others = image.Files.In(image.TaskRoot).Count(file => file.Path.EndsWith(ending,
                StringComparison.Ordinal));
            if (others != 1)
            {
                yield return Found(
                    $"'{DisplayText.Name($"{image.TaskRoot}/{name}{ending}")}' is missing, and there "
                        + $"{(others == 0 ? "is no other" : $"are {others} others")}, so that AWS's bootstrap "
                    + $"ends with exit code {(ending == ".deps.json" ? "105" : "106")}. A class library gets it by "
                    + "<GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>.",
                    $"{image.TaskRoot}/{name}{ending}");
            }
        }
    }
}

/// <summary>
/// AWS's runtime looks for Amazon.Lambda.Core beside a class library, and fails every invocation without it.
/// </summary>
internal sealed class LambdaCoreRule() : ImageRule(
    "LLC2311", RuleSeverity.Warning, "A class library lacks Amazon.Lambda.Core", Sources.Handler)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (HandlerName.TryParse(image.DotnetHandler ?? "", out var handler)
            && image.Files.Find($"{image.TaskRoot}/{handler.Assembly}.dll") is not null
            && image.Files.Find($"{image.TaskRoot}/Amazon.Lambda.Core.dll") is null
            && !image.Image.Layers.Any(layer => layer.Facts is { Stores.Count: > 0 })
            && !image.Files.Under("/opt").Any(file => LambdaFolders.StoreOf(file.Path) is not null))
        {
            yield return Found(
                $"'{DisplayText.Name(handler.Assembly)}' is a class library without Amazon.Lambda.Core.dll beside it. "
                    + "AWS's .NET runtime looks for that assembly there, and "
                + "without it every invocation fails. Add <PackageReference Include=\"Amazon.Lambda.Core\" "
                + "Version=\"2.5.0\" />.",
                $"{image.TaskRoot}/{handler.Assembly}.dll");
        }
    }
}
