using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>
/// Reads <c>aws-lambda-tools-defaults.json</c>, so that a project that AWS's .NET tools deploy today needs no second copy of
/// its settings. What each key means for properties is decided in the targets.
/// </summary>
public sealed class ReadLambdaToolsDefaults : LayersTask
{
    /// <summary>Absolute path of the file.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The configuration that is published.</summary>
    public string Configuration { get; set; } = "";

    /// <summary>The target framework that is published.</summary>
    public string TargetFramework { get; set; } = "";

    /// <summary><c>RuntimeIdentifier</c> where the SDK took the building machine's, for want of another; else empty.</summary>
    public string InferredRuntimeIdentifier { get; set; } = "";

    /// <summary>Whether the function is published with its own runtime.</summary>
    public bool BringsRuntime { get; set; }

    /// <summary>One item for each key, with its text as metadata Value.</summary>
    [Output]
    public ITaskItem[] Values { get; set; } = [];

    /// <summary>The runtime identifier that <c>function-architecture</c> means; empty without one.</summary>
    [Output]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>CMD of the image: <c>image-command</c>, else <c>function-handler</c>.</summary>
    [Output]
    public string[] Command { get; set; } = [];

    /// <summary>Entry point of the image: <c>image-entrypoint</c>.</summary>
    [Output]
    public string[] EntryPoint { get; set; } = [];

    /// <summary>Repository of <c>image-tag</c>, which is <c>name:tag</c>; empty without one.</summary>
    [Output]
    public string ImageName { get; set; } = "";

    /// <summary>Tag of <c>image-tag</c>; empty when it has none.</summary>
    [Output]
    public string ImageTag { get; set; } = "";

    /// <summary><c>environment-variables</c>, one item for each, with metadata Value.</summary>
    [Output]
    public ITaskItem[] EnvironmentVariables { get; set; } = [];

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var defaults = ToolsDefaults.Read(File);
        Values = [.. defaults.Values.Select(pair => Item(pair.Key, pair.Value))];
        RuntimeIdentifier = defaults.RuntimeIdentifier ?? "";
        Command = [.. defaults.List("image-command")];
        if (Command.Length == 0 && defaults["function-handler"] is { } handler)
            Command = [handler];
        EntryPoint = [.. defaults.List("image-entrypoint")];
        EnvironmentVariables = [.. defaults.Pairs("environment-variables").Select(pair => Item(pair.Key, pair.Value))];
        ReadImageTag(defaults["image-tag"] ?? defaults["docker-image-tag"] ?? "");
        Compare(defaults);
        return Task.CompletedTask;
    }

    private void ReadImageTag(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        (ImageName, ImageTag) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    private void Compare(ToolsDefaults defaults)
    {
        Warn(defaults, "configuration", Configuration, value => $"Publish with: dotnet publish -c {value}.");
        Warn(defaults, "framework", TargetFramework,
            value => $"Publish with: dotnet publish -f {value}, or take the key out of the file.");
        if (defaults["msbuild-parameters"] is { } parameters)
        {
            Log.LogDiagnosticWarning(FunctionImageErrors.ToolsDefaultsNotApplied(File, "msbuild-parameters", parameters,
                "Put them on the command line of dotnet publish, or as properties into the project."));
        }

        if (BringsRuntime && InferredRuntimeIdentifier.Length > 0 && RuntimeIdentifier.Length > 0
            && InferredRuntimeIdentifier != RuntimeIdentifier)
        {
            throw FunctionImageErrors.ArchitectureDiffers(
                File, defaults["function-architecture"]!, InferredRuntimeIdentifier, RuntimeIdentifier);
        }
    }

    private void Warn(ToolsDefaults defaults, string key, string actual, Func<string, string> remedy)
    {
        if (defaults[key] is { } value && actual.Length > 0 && !value.Equals(actual, StringComparison.OrdinalIgnoreCase))
            Log.LogDiagnosticWarning(FunctionImageErrors.ToolsDefaultsNotApplied(File, key, value, remedy(value)));
    }

    private static TaskItem Item(string name, string value)
    {
        var item = new TaskItem(Escape(name));
        item.SetMetadata("Value", Escape(value));
        return item;
    }

    // MSBuild takes what a task sets as escaped: a % or ; in a value would change it.
    private static string Escape(string text) => string.Concat(text.Select(c =>
        "%;$@()'*?".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : c.ToString()));
}
