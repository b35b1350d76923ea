namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>
/// Global properties of an extension project's build. A project that is built from another inherits that one's global
/// properties: how the function is published (on a command line, by an IDE) is not how its extensions are.
/// </summary>
internal static class ExtensionProperties
{
    private static readonly string[] OfTheFunction =
    [
        // What is built, and into which folders.
        "NoBuild", "BuildProjectReferences", "DeployOnBuild", "PublishProfile", "OutputPath", "OutDir",
        "_CommandLineDefinedOutputPath", "AssemblyName", "TargetFramework", "RuntimeIdentifiers",
        // In which form.
        "SelfContained", "_CommandLineDefinedSelfContained", "PublishSelfContained", "UseAppHost", "PublishAot",
        "PublishSingleFile", "PublishTrimmed", "PublishReadyToRun",
        // The image.
        "ContainerRegistry", "ContainerRepository", "ContainerArchiveOutputPath", "ContainerImageTag", "ContainerImageTags",
        "ContainerBaseImage", "ContainerFamily", "ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers",
        "LambdaHandler", "LambdaImageKind",
    ];

    /// <summary>
    /// The properties that an extension project does not inherit: MSBuild would remove those of
    /// <paramref name="additionalProperties"/> as well, which the item sets for it.
    /// </summary>
    public static IReadOnlyList<string> NotInherited(string? additionalProperties)
    {
        var own = (additionalProperties ?? "")
            .Split(';')
            .Select(p => p.Split('=')[0].Trim())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. OfTheFunction.Where(p => !own.Contains(p))];
    }
}
