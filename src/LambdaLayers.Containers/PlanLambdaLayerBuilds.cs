using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LambdaLayers.Containers;

/// <summary>Lists the extension projects to publish and the BuildCommands to run before the layers can be packed.</summary>
public sealed class PlanLambdaLayerBuilds : EngineTask
{
    /// <summary>
    /// One item for each project and architecture: its path, with metadata Folder, PublishDir, ArtifactsPath,
    /// RuntimeIdentifier, ProjectProperties and NotInherited.
    /// </summary>
    [Output]
    public ITaskItem[] Projects { get; set; } = [];

    /// <summary>
    /// One item for each BuildCommand and architecture: the folder that it is built in, with metadata BuildInputs.
    /// </summary>
    [Output]
    public ITaskItem[] Commands { get; set; } = [];

    private protected override Task RunAsync(CancellationToken cancellationToken)
    {
        var plan = PlanBuilds();
        Projects = [.. plan.Where(b => b.Item.Kind == LayerKind.Project).Select(DescribeProject)];
        Commands = [.. plan.Where(b => b.Item.BuildCommand is not null).Select(DescribeCommand)];
        return Task.CompletedTask;
    }

    private static TaskItem DescribeProject(LayerBuild build) =>
        LiteralItems.Create(build.Item.FullPath)
            .With("Folder", build.Folder.Root)
            .With("PublishDir", build.Folder.Publish + Path.DirectorySeparatorChar)
            .With("ArtifactsPath", build.Folder.Artifacts)
            .With("RuntimeIdentifier", build.RuntimeIdentifier)
            .With("ProjectProperties", build.Item.AdditionalProperties ?? "")
            .With("NotInherited", string.Join(';', ExtensionProperties.NotInherited(build.Item.AdditionalProperties)));

    private static TaskItem DescribeCommand(LayerBuild build)
    {
        var item = LiteralItems.Create(build.Folder.Root);
        // Not literally: MSBuild is to expand lists and wildcards, with its own rules.
        item.SetMetadata("BuildInputs", build.Item.BuildInputs ?? "");
        return item;
    }
}
