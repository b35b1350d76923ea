using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Publishes an image that holds the <c>LambdaLayer</c> items and nothing else. The SDK cannot: it puts an application into
/// every image.
/// </summary>
public sealed class PublishLambdaLayerImage : EngineTask
{
    /// <summary>One for an image, several for an index.</summary>
    [Required]
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>Registry to push to; empty for an archive.</summary>
    public string Registry { get; set; } = "";

    /// <summary>Archive to write; empty for a registry.</summary>
    public string ArchivePath { get; set; } = "";

    /// <summary>The image's repository.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>The image's tags.</summary>
    [Required]
    public string[] Tags { get; set; } = [];

    /// <summary><c>ContainerImageFormat</c>: <c>Docker</c>, or OCI.</summary>
    public string ImageFormat { get; set; } = "";

    /// <summary>The user's own labels, with metadata Value.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    /// <summary>Digest of the image or index.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>Absolute path of the archive; empty for a registry.</summary>
    [Output]
    public string WrittenArchive { get; set; } = "";

    /// <summary>As of <see cref="ServeLambdaBaseImage"/>.</summary>
    [Output]
    public ITaskItem[] PreparedLayers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Registry.Length == 0 && ArchivePath.Length == 0)
            throw ItemErrors.LayerImageHasNoDestination();
        var request = ReadRequest();
        var options = ReadOptions() with { Registries = RemoteItems.RegistriesOf(null, request.Items), PushRegistry = Registry };
        using var engine = new LayersEngine(options, new TaskEngineLog(Log));
        var images = await engine.BuildLayerImage.RunAsync(request, cancellationToken);
        await engine.FinishVirtualBase.RunAsync(images, runtime: null, ReadDestination(), cancellationToken);
        var served = AssembleServedImage.Run(Repository, images);
        if (ArchivePath.Length > 0)
            await WriteAsync(served, images, cancellationToken);
        else
            await PushAsync(engine, images, cancellationToken);
        ImageDigest = served.Root.Digest.ToString();
        PreparedLayers = [.. images.SelectMany(image => image.AddedLayers.Select(layer => LayerReport.Describe(image, layer)))];
    }

    private LayerImageRequest ReadRequest()
    {
        var family = ImageFormat.Equals("Docker", StringComparison.OrdinalIgnoreCase) ? ManifestFamily.Docker : ManifestFamily.Oci;
        var labels = Labels.GroupBy(l => l.ItemSpec).ToDictionary(g => g.Key, g => g.Last().GetMetadata("Value"));
        return new LayerImageRequest(
            ReadPlatforms(RuntimeIdentifiers), ReadItems(), family, labels);
    }

    private ImageReference? ReadDestination() =>
        ArchivePath.Length == 0 ? ImageReference.Create(Registry, Repository, Tags[0], "") : null;

    private async Task WriteAsync(
        ServedImage served, IReadOnlyList<Image> images, CancellationToken cancellationToken)
    {
        // A folder means, as for the SDK, a file of the repository's name in it.
        var path = Path.GetFullPath(Path.Combine(ProjectDirectory, ArchivePath));
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(ArchivePath))
            path = Path.Combine(path, Repository + ".tar.gz");
        await ImageArchive.WriteAsync(path, served, images, [.. Tags.Select(tag => $"{Repository}:{tag}")], cancellationToken);
        WrittenArchive = path;
    }

    private Task PushAsync(LayersEngine engine, IReadOnlyList<Image> images, CancellationToken cancellationToken)
    {
        Log.LogMessage(MessageImportance.Normal, "Pushing {0} to {1}.", Repository, Registry);
        var targets = Tags.Select(tag => ImageReference.Create(Registry, Repository, tag, "")).ToList();
        var index = images.Count == 1
            ? null
            : ImageIndex.Of(images[0].Manifest.Family, images.Select(image => image.Descriptor));
        return engine.PushImage.RunAsync(images, index, targets, cancellationToken);
    }
}
