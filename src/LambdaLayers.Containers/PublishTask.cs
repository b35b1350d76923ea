using System.Text;
using LambdaLayers.Containers.Core.Deployment;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.HandOver;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>A task that publishes images: where to, and what it tells of them.</summary>
public abstract class PublishTask : EngineTask
{
    /// <summary>Registry to push to; empty for an archive or a daemon.</summary>
    public string Registry { get; set; } = "";

    /// <summary>Archive to write (<c>ContainerArchiveOutputPath</c>), which goes before a registry.</summary>
    public string ArchivePath { get; set; } = "";

    /// <summary>The image's repository.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>The image's tags.</summary>
    [Required]
    public string[] Tags { get; set; } = [];

    /// <summary>Whether to make the image and put it nowhere.</summary>
    public bool DryRun { get; set; }

    /// <summary>Where to write <c>lambda-image.json</c> after a push, absolute; empty for not at all.</summary>
    public string ImageFile { get; set; } = "";

    /// <summary>
    /// The published images: one item for each architecture, with metadata Manifest, Configuration, ManifestDigest and
    /// ManifestMediaType, as the SDK's <c>GeneratedContainer</c> items have them.
    /// </summary>
    [Output]
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>Digest of the image or index.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>Absolute path of the archive; empty for a registry.</summary>
    [Output]
    public string WrittenArchive { get; set; } = "";

    private protected PublishDestination ReadDestination() => new(Repository, Tags)
    {
        ArchivePath = DryRun || ArchivePath.Length == 0 ? null : FullArchivePath(),
        Repository = DryRun || ArchivePath.Length > 0 || Registry.Length == 0
            ? null
            : ImageReference.Create(Registry, Repository, tag: null, digest: null),
        RuntimeIdentifiers = RuntimeIdentifiers,
    };

    // A dry run writes and sends nothing.
    private protected SbomSettings? ReadSbom(PublishDestination destination)
    {
        var choice = PropertyValues.OneOf(Property, "LambdaSbom", ["File", "Referrer", "None"]) ?? "File";
        return choice == "None" || ImageFile.Length == 0 || (destination.Repository ?? (object?)destination.ArchivePath) is null
            ? null
            : new SbomSettings(Path.GetDirectoryName(ImageFile)!, Path.GetFileNameWithoutExtension(ImageFile))
            {
                IsAttached = choice == "Referrer",
            };
    }

    private protected async Task FinishAsync(
        ImageSummary summary, PublishedImages published, PublishDestination destination, CancellationToken cancellationToken)
    {
        Images = [.. published.Images.Select(Describe)];
        ImageDigest = published.Digest.ToString();
        WrittenArchive = destination.ArchivePath ?? "";
        Report(summary.Lines(destination, published.Images, ImageDigest));
        if (destination.Repository is { } repository && ImageFile.Length > 0)
            await WriteImageFileAsync(summary, published, repository, destination, cancellationToken);
    }

    private protected void Report(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Log.LogMessage(MessageImportance.High, "{0}", line);
    }

    private protected DateTimeOffset? ReadCreated() => Property("LambdaImageCreated").Trim() switch
    {
        "" => null,
        var now when now.Equals("now", StringComparison.OrdinalIgnoreCase) => TimeProvider.System.GetUtcNow(),
        var text => throw new LayersException(
            "LLC2167",
            $"LambdaImageCreated is '{DisplayText.Name(text)}'. It takes Now, for the time of the build; without it the image says "
            + "SOURCE_DATE_EPOCH, or 1980-01-01, and the same sources give the same image."),
    };

    // A folder means, as for the SDK, a file of the repository's name in it.
    private string FullArchivePath()
    {
        var path = Path.GetFullPath(ArchivePath, ProjectDirectory);
        return Directory.Exists(path) || Path.EndsInDirectorySeparator(ArchivePath) ? Path.Combine(path, Repository + ".tar.gz") : path;
    }

    private static ITaskItem Describe(Image image) => LiteralItems.Create("GeneratedContainer")
        .With("Manifest", Encoding.UTF8.GetString(image.Manifest.Bytes.Span))
        .With("Configuration", Encoding.UTF8.GetString(image.Config.Bytes.Span))
        .With("ManifestDigest", image.Digest.ToString())
        .With("ManifestMediaType", image.Manifest.MediaType);

    private async Task WriteImageFileAsync(
        ImageSummary summary, PublishedImages published, ImageReference repository, PublishDestination destination,
        CancellationToken cancellationToken)
    {
        var images = published.Images.Select(image => new HandOverImage(
            new PublishedImage($"{repository.Name}@{image.Digest}", image.Platform.LambdaArchitecture, image.Digest),
            published.Index is null ? Tags : destination.TagsOf(image.Platform),
            [.. ImageSummary.Shown(image).Select(layer => new HandOverLayer(
                layer.Origin.Source, layer.Origin.TargetPath, layer.Digest.ToString(), layer.DiffId.ToString(), layer.Size))]));
        await new HandOverFile(Registry, Repository, Tags, summary.BaseImage, summary.BaseDigest, [.. images])
            .WriteAsync(ImageFile, cancellationToken);
        Log.LogMessage(MessageImportance.Normal, "Wrote {0}", ImageFile);
    }
}
