using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Verification.Languages;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>What AWS's image for a language calls is there, and is of that language.</summary>
internal sealed class LanguageHandlerRule() : ImageRule(
    "LLC3560", RuleSeverity.Error, "The handler's file is not in the image", Sources.ImageRequirements)
{
    // https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
    private const string BaseName = "org.opencontainers.image.base.name";

    /// <summary>
    /// The Lambda runtime that an image of AWS's stands for: as the project says, or by its base's name; null when unknown.
    /// </summary>
    public static FunctionRuntime? RuntimeOf(InspectedImage image) => image.Function?.Runtime
        ?? (ImageReference.TryParse(image.Config.Labels.GetValueOrDefault(BaseName), out var @base)
            ? FunctionRuntime.OfBaseImage(@base)
            : null);

    /// <summary>The handler as the base's language reads it; null where that is not known.</summary>
    public static (string Text, LanguageHandler Handler)? HandlerOf(InspectedImage image) =>
        image is { IsRun: true, Config.Command: [{ } text] } && AwsBaseImage.StartsWithEntryPoint(image.Config)
        && RuntimeOf(image) is { } runtime
        && LanguageHandler.Read(runtime.Family, text, image.TaskRoot) is { } handler
            ? (text, handler)
            : null;

    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image, CancellationToken cancellationToken)
    {
        if (HandlerOf(image) is not var (text, handler) || handler.Find(image) is not null || IsAnyUnknown(image))
            return [];
        // A layer of another language's runtime may bring a class under a name like app.handler: only files speak.
        if (handler.Family == "java" && await LanguageHandler.IsInJarAsync(image, text.Split("::")[0], cancellationToken) is not false)
            return [];
        if (LanguageHandler.FamilyOf(image, text) is { } other)
            return [OtherLanguageRule.Of(image, text, other, RuntimeOf(image)!)];
        var path = handler.Files[0];
        return
        [
            Found(
                $"The handler '{DisplayText.Name(text)}' leads {Runtime(handler)} to '{DisplayText.Name(path)}', which is not in the image. Correct LambdaHandler, or look "
                + "what LambdaTaskDirectory holds and LambdaTaskExclude leaves out.", path),
        ];
    }

    private static string Runtime(LanguageHandler handler) => handler.Family switch
    {
        "python" => "Python",
        "nodejs" => "Node.js",
        "ruby" => "Ruby",
        _ => "Java",
    };

    // Of a layer that only the lock file describes, or of a base of the user's own, nobody knows what it brings.
    private static bool IsAnyUnknown(InspectedImage image)
    {
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is not { Problem: null } && image.IsAdded(image.Image.Layers[i]))
                return true;
        }

        return false;
    }
}

/// <summary>The files are another language's than the base's: found by <see cref="LanguageHandlerRule"/>.</summary>
internal sealed class OtherLanguageRule() : ImageRule(
    "LLC3562", RuleSeverity.Error, "The base image runs another language", Sources.ImageRequirements)
{
    /// <summary>The rule, to be found in by another one.</summary>
    public static OtherLanguageRule Instance { get; } = new();

    public static Finding Of(InspectedImage image, string handler, string family, FunctionRuntime runtime)
    {
        var file = LanguageHandler.Read(family, handler, image.TaskRoot)!.Find(image)!;
        return Instance.Found(
            $"The handler '{DisplayText.Name(handler)}' is in '{DisplayText.Name(file.Path)}', and the base image runs {runtime.Name}. Use AWS's image for the language: "
            + $"<ContainerBaseImage>public.ecr.aws/lambda/{family}:…</ContainerBaseImage>.", file.Path, file.Layer);
    }
}

/// <summary>The function that the handler names is in its module.</summary>
internal sealed class LanguageFunctionRule() : ImageRule(
    "LLC3561", RuleSeverity.Error, "The handler's function does not exist", Sources.ImageRequirements)
{
    private const int ShownNames = 5;

    public override async Task<IReadOnlyList<Finding>> CheckAsync(InspectedImage image, CancellationToken cancellationToken)
    {
        if (LanguageHandlerRule.HandlerOf(image) is not var (text, handler) || handler.Name is not { } name
            || handler.Find(image) is not { } file || !IsSource(file.Path)
                || await image.Files.ReadAsync(file, cancellationToken) is not { } content)
            return [];
        var source = LanguageHandler.Text(content);
        var names = handler.Family == "python" ? PythonModule.Names(source) : JavaScriptModule.Exports(source);
        if (names is null || names.Contains(name))
            return [];
        var verb = handler.Family == "python" ? "define" : "export";
        var known = names.Where(n => !n.StartsWith('_')).Order(StringComparer.Ordinal).Take(ShownNames).Select(DisplayText.Name).ToList();
        return
        [
            Found(
                $"The handler '{DisplayText.Name(text)}' calls {DisplayText.Name(name)}, which '{DisplayText.Name(file.Path)}' does not {verb}"
                + $"{(known.Count > 0 ? $"; it {verb}s {string.Join(", ", known)}" : "")}. Correct LambdaHandler, or the file.", file.Path,
                    file.Layer),
        ];
    }

    private static bool IsSource(string path) =>
        path.EndsWith(".py", StringComparison.Ordinal) || path.EndsWith(".js", StringComparison.Ordinal)
        || path.EndsWith(".mjs", StringComparison.Ordinal) || path.EndsWith(".cjs", StringComparison.Ordinal);
}
