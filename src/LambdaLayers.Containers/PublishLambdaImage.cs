using System.Text;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Reporting;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Takes from the staging registry what the .NET SDK has made, finishes it and publishes it: to a registry, into an archive.
/// What the SDK has loaded into a local daemon is only reported.
/// </summary>
public sealed class PublishLambdaImage : PublishTask
{
    /// <summary>What <see cref="StageLambdaImage.StagedTag"/> was.</summary>
    [Required]
    public string StagedTag { get; set; } = "";

    /// <summary>The SDK's <c>GeneratedContainer</c> items: one for each architecture, with metadata Manifest.</summary>
    public ITaskItem[] Generated { get; set; } = [];

    /// <summary><c>ContainerLabel</c> items with metadata Value.</summary>
    public ITaskItem[] Labels { get; set; } = [];

    /// <summary><c>ContainerEnvironmentVariable</c> items with metadata Value.</summary>
    public ITaskItem[] EnvironmentVariables { get; set; } = [];

    /// <summary>The real base image as the user or the SDK named it.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>What <see cref="FindLambdaStoreManifests.PackedLayers"/> was: layers that this build has packed before.</summary>
    public string[] PackedLayers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var build = StagedBuild.Take(BuildEngine4, StagedTag) ?? throw ImageErrors.StagingIsElsewhere();
        build.Log.MoveTo(this);
        // The SDK's task takes a cancelled or timed-out request for a warning, and goes on as if it had made the image.
        if (build.Registry.Failure is { } failure)
            throw failure;
        if (Generated.Length == 0 || Generated.Any(x => x.GetMetadata("ManifestDigest").Length == 0))
            throw ImageErrors.NotFinished();
        var summary = new ImageSummary(BaseImage, build.Registry.Base.Images[0].PinnedDigest?.ToString() ?? "")
        {
            ExecWrappers = build.Request.Function?.ExecWrappers ?? [],
            PackedBefore = PackedLayers,
        };
        if (build.Request.IsForDaemon)
        {
            Report(summary.Lines(ReadDestination(), build.Registry.Base.Images, Generated[0].GetMetadata("ManifestDigest")));
            return;
        }

        var settings = new FinishSettings
        {
            Function = build.Request.Function,
            Created = ReadCreated(),
            Labels = TaskItems.Pairs(Labels),
            Environment = TaskItems.Pairs(EnvironmentVariables),
        };
        var manifests = Generated.DistinctBy(x => x.GetMetadata("ManifestDigest")).Select(ReadManifest).ToList();
        var destination = ReadDestination();
        var published = await build.Engine.PublishAsync(
            build.Registry, manifests, settings, destination, ReadSbom(destination), cancellationToken);
        await FinishAsync(summary, published, destination, cancellationToken);
    }

    private static ImageManifest ReadManifest(ITaskItem item)
    {
        try
        {
            var manifest = ImageManifest.Parse(
                Encoding.UTF8.GetBytes(item.GetMetadata("Manifest")), item.GetMetadata("ManifestMediaType"));
            return manifest.Layers.Count > 0 ? manifest : throw new FormatException("it has no layers");
        }
        catch (FormatException e)
        {
            throw ImageErrors.BadManifest(e.Message);
        }
    }
}
