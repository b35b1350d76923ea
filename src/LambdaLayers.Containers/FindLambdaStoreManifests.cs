using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Before publish computes its files: finds .NET runtime package stores in the layers and gives their manifests, for
/// <c>TargetManifestFiles</c>.
/// </summary>
public sealed class FindLambdaStoreManifests : EngineTask
{
    /// <summary>Target framework of the function.</summary>
    [Required]
    public string TargetFramework { get; set; } = "";

    /// <summary>Absolute path of a folder under obj for the manifests.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>What <see cref="PrefetchLambdaLayers.Prefetch"/> was; empty when nothing was fetched ahead.</summary>
    public string Prefetch { get; set; } = "";

    /// <summary>Absolute paths of the manifests found.</summary>
    [Output]
    public string[] ManifestFiles { get; set; } = [];

    /// <summary>Digests of the layers that had to be packed for it, so that the summary does not tell of them as cached.</summary>
    [Output]
    public string[] PackedLayers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        // What is still to be built cannot be looked into yet, and holds extensions, not stores.
        var items = ReadItems().Where(item => item.BuildCommand is null && item.Kind != LayerKind.Project).ToList();
        // The same warnings come when the image is made.
        var log = new QuietEngineLog(new TaskEngineLog(this));
        using var engine = new Engine(ReadOptions() with { Registries = RemoteItems.RegistriesOf(null, items) }, log);
        engine.Learn(await LayerPrefetch.WaitAsync(BuildEngine4, Prefetch, log, cancellationToken));
        var (manifests, layers) = await engine.ExtractStoreManifestsAsync(
            items, ReadPlatforms()[0], TargetFramework, OutputDirectory, cancellationToken);
        ManifestFiles = [.. manifests];
        PackedLayers = [.. layers.Where(layer => layer is { IsLazy: false, Origin.FromCache: false }).Select(l => l.Digest.ToString())];
    }
}
