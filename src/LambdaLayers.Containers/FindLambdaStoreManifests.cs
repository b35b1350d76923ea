using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Before publish computes its files: finds .NET runtime package stores in the layers and gives their manifests, for
/// <c>TargetManifestFiles</c>.
/// </summary>
public sealed class FindLambdaStoreManifests : LayersTask
{
    /// <summary>The <c>LambdaLayer</c> items.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>Absolute folder of the project.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Runtime identifier of the image.</summary>
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Target framework of the function.</summary>
    [Required]
    public string TargetFramework { get; set; } = "";

    /// <summary>Absolute path of the cache; empty for the user's cache folder.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>gzip level for packed layers, 1 to 9; empty for 6.</summary>
    public string Compression { get; set; } = "";

    /// <summary>Absolute path of a folder under obj for the manifests.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute paths of the manifests found.</summary>
    [Output]
    public string[] ManifestFiles { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!Platform.TryFromRuntimeIdentifier(RuntimeIdentifier, out var platform))
            throw HandOffErrors.UnknownRuntimeIdentifier(RuntimeIdentifier);
        // What is still to be built cannot be looked into yet, and holds extensions, not stores.
        var ready = Layers.Where(item => item.GetMetadata("BuildCommand").Length == 0).ToArray();
        var items = LayerItems.Parse(ready, ProjectDirectory).Where(item => item.Kind != LayerKind.Project).ToList();
        // The same warnings come when the image is made.
        using var engine = new LayersEngine(
            EngineSettings.Read(CacheDirectory, Compression, ProjectDirectory), new QuietEngineLog(new TaskEngineLog(Log)));
        var layers = await engine.PrepareLayers.RunAsync(items, platform, cancellationToken);
        ManifestFiles = [.. await StoreManifests.ExtractAsync(
            layers, platform, TargetFramework, OutputDirectory, cancellationToken)];
    }
}
