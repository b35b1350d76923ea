using LambdaLayers.Containers.Core;
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
public sealed class FindLambdaStoreManifests : EngineTask
{
    /// <summary>Runtime identifier of the image.</summary>
    [Required]
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Target framework of the function.</summary>
    [Required]
    public string TargetFramework { get; set; } = "";

    /// <summary>Absolute path of a folder under obj for the manifests.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary><c>ContainerBaseImage</c>; says which registry the SDK's variables for pulling are meant for.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Absolute paths of the manifests found.</summary>
    [Output]
    public string[] ManifestFiles { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var platform = ReadPlatforms([RuntimeIdentifier])[0];
        // What is still to be built cannot be looked into yet, and holds extensions, not stores.
        var items = ReadItems().Where(item => item.BuildCommand is null && item.Kind != LayerKind.Project).ToList();
        // The same warnings come when the image is made.
        using var engine = new LayersEngine(
            ReadOptions() with { Registries = RemoteItems.RegistriesOf(ReadBase(), items) }, new QuietEngineLog(new TaskEngineLog(Log)));
        var layers = await engine.PrepareLayers.RunAsync(items, platform, cancellationToken);
        ManifestFiles = [.. await StoreManifests.ExtractAsync(
            layers, platform, TargetFramework, OutputDirectory, cancellationToken)];
    }

    private ImageReference? ReadBase() => ImageReference.TryParse(BaseImage, out var image) ? image : null;
}
