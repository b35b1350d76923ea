using LambdaLayers.Containers.Core.Layers.Built;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>What the tasks share that build layers before they are packed.</summary>
public abstract class BuiltLayersTask : LayersTask
{
    /// <summary>The <c>LambdaLayer</c> items, in order; there may be none.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>Absolute folder of the project; relative Includes start there.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Absolute folder below which layers are built.</summary>
    [Required]
    public string BuildDirectory { get; set; } = "";

    /// <summary>Runtime identifiers to build for.</summary>
    [Required]
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>What has to be built, each thing once for each architecture.</summary>
    private protected IReadOnlyList<LayerBuild> Plan() =>
        PlanLayerBuilds.Run(LayerItems.Parse(Layers, ProjectDirectory, BuildDirectory), RuntimeIdentifiers);

    /// <summary>The build that is made in <paramref name="folder"/>.</summary>
    private protected LayerBuild Find(string folder) => Plan().Single(b => b.Folder.Root == folder);
}
