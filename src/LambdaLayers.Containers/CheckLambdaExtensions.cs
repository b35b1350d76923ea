using LambdaLayers.Containers.Core.Layers.Built;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>Tells, before they are published, which projects cannot be extensions of this image, and why.</summary>
public sealed class CheckLambdaExtensions : EngineTask
{
    /// <summary>
    /// One item for each of <see cref="PlanLambdaLayerBuilds.Projects"/>: its Folder, with metadata AssemblyName,
    /// OutputType, SelfContained, PublishAot and TargetFrameworks as the project evaluates them.
    /// </summary>
    [Required]
    public ITaskItem[] Projects { get; set; } = [];

    /// <summary>Repository of the function's base image.</summary>
    [Required]
    public string BaseName { get; set; } = "";

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var item in Projects)
        {
            var build = FindBuild(item.ItemSpec);
            build.Item.Origin.Attribute(() => CheckExtension.Run(build.Item.Include, Read(item), BaseName, build.Folder));
        }

        return Task.CompletedTask;
    }

    private static ExtensionProject Read(ITaskItem item) => new(
        item.GetMetadata("AssemblyName"),
        item.GetMetadata("OutputType"),
        IsTrue(item, "SelfContained"),
        IsTrue(item, "PublishAot"),
        item.GetMetadata("TargetFrameworks")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool IsTrue(ITaskItem item, string name) =>
        item.GetMetadata(name).Equals("true", StringComparison.OrdinalIgnoreCase);
}
