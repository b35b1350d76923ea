using System.Text.Json;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>The step between an extension project's evaluation and its publishing: can it be an extension of this image?</summary>
internal static class CheckExtension
{
    // The last names of base images that are known to have no .NET. Others may have one: nobody can tell without a look inside.
    private static readonly string[] BasesWithoutDotnet = ["provided", "runtime-deps", "scratch"];

    /// <summary>
    /// Writes the description into <paramref name="folder"/>, if it changed. Throws LLC2401 to LLC2403.
    /// </summary>
    /// <param name="include">The item's Include, for the corrected line of a message.</param>
    /// <param name="project">The project as evaluated for this image.</param>
    /// <param name="baseImage">Repository of the function's base image.</param>
    /// <param name="folder">The item's folder.</param>
    public static void Run(string include, ExtensionProject project, string baseImage, BuiltLayerFolder folder)
    {
        if (project.TargetFrameworks.Count > 0)
            throw BuiltLayerErrors.ExtensionHasSeveralFrameworks(include, project.TargetFrameworks);
        if (!project.OutputType.EndsWith("exe", StringComparison.OrdinalIgnoreCase))
            throw BuiltLayerErrors.ExtensionIsLibrary(project.OutputType);
        var selfContained = project.SelfContained || project.PublishAot;
        if (!selfContained && BasesWithoutDotnet.Contains(baseImage.Split('/')[^1], StringComparer.Ordinal))
            throw BuiltLayerErrors.ExtensionNeedsDotnet(baseImage);
        Write(new ExtensionDescription(project.AssemblyName, selfContained, project.PublishAot), folder);
    }

    private static void Write(ExtensionDescription description, BuiltLayerFolder folder)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(description, BuiltJson.Default.ExtensionDescription);
        try
        {
            if (File.Exists(folder.Description) && File.ReadAllBytes(folder.Description).AsSpan().SequenceEqual(json))
                return;
            Directory.CreateDirectory(folder.Root);
            File.WriteAllBytes(folder.Description, json);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw BuiltLayerErrors.CannotWriteBuildFolder(folder.Root, e);
        }
    }
}

/// <summary>An extension project as its evaluation for one image shows it.</summary>
/// <param name="AssemblyName">Its AssemblyName.</param>
/// <param name="OutputType">Its OutputType.</param>
/// <param name="SelfContained">Its SelfContained, which Native AOT implies.</param>
/// <param name="PublishAot">Its PublishAot.</param>
/// <param name="TargetFrameworks">All of them, where it was not said which one; empty otherwise.</param>
internal sealed record ExtensionProject(
    string AssemblyName, string OutputType, bool SelfContained, bool PublishAot, IReadOnlyList<string> TargetFrameworks);
