using LambdaLayers.Containers.Core.Images.Functions;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Parts published files into the application's own and those of its packages, which then get an image layer that stays the
/// same while the code changes.
/// </summary>
public sealed class SplitLambdaPublish : LayersTask
{
    /// <summary>Absolute path of the published files; stays as it is.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>Absolute path of a folder under obj that receives the application's own files.</summary>
    [Required]
    public string StagingDirectory { get; set; } = "";

    /// <summary>Name of the project's assembly, without extension.</summary>
    [Required]
    public string AssemblyName { get; set; } = "";

    /// <summary>Files of packages, relative to <see cref="PublishDirectory"/>; empty when there are none to part.</summary>
    [Output]
    public string[] Dependencies { get; set; } = [];

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var dependencies = PublishedDependencies.Find(PublishDirectory, AssemblyName);
        if (dependencies.Count > 0)
            SplitPublishDirectory.Run(PublishDirectory, StagingDirectory, dependencies);
        Dependencies = [.. dependencies];
        return Task.CompletedTask;
    }
}
