using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Logging;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Publishes an image that holds the <c>LambdaLayer</c> items and nothing else. The SDK cannot: it puts an application into
/// every image.
/// </summary>
public sealed class PublishLambdaLayerImage : PublishTask
{
    /// <summary><c>ContainerImageFormat</c>: <c>Docker</c>, or OCI.</summary>
    public string ImageFormat { get; set; } = "";

    /// <summary>The user's own labels, with metadata Value.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Registry.Length == 0 && ArchivePath.Length == 0)
            throw ImageErrors.LayerImageHasNoDestination();
        var family = ImageFormat.Equals("Docker", StringComparison.OrdinalIgnoreCase) ? ManifestFamily.Docker : ManifestFamily.Oci;
        var request = new LayerImageRequest(ReadPlatforms(), ReadItems(), family, TaskItems.Pairs(Labels));
        using var engine = new Engine(
            ReadOptions() with { Registries = RemoteItems.RegistriesOf(null, request.Items) }, new TaskEngineLog(this));
        var destination = ReadDestination();
        var published = await engine.PublishLayerImageAsync(request, destination, ReadSbom(destination), cancellationToken);
        await FinishAsync(new ImageSummary(Image.ScratchName, ""), published, destination, cancellationToken);
    }
}
