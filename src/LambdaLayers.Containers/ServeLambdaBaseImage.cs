using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Loopback;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Makes the virtual base image (the real base with one image layer for each <c>LambdaLayer</c> item) and serves it on
/// loopback until <see cref="StopLambdaBaseImage"/> or the end of the build.
/// </summary>
public sealed partial class ServeLambdaBaseImage : EngineTask
{
    /// <summary><c>ContainerBaseImage</c> as the user set it; <c>scratch</c> is an empty base from memory.</summary>
    public string BaseImage { get; set; } = "";

    /// <summary>Registry of the real base image (<c>ContainerBaseRegistry</c>).</summary>
    public string BaseRegistry { get; set; } = "";

    /// <summary>Repository of the real base image (<c>ContainerBaseName</c>).</summary>
    public string BaseName { get; set; } = "";

    /// <summary>Tag of the real base image (<c>ContainerBaseTag</c>).</summary>
    public string BaseTag { get; set; } = "";

    /// <summary>Digest of the real base image, where the user pinned it (<c>ContainerBaseDigest</c>).</summary>
    public string BaseDigest { get; set; } = "";

    /// <summary>Whether the lock file pins the base image too (<c>LambdaLayersLockBaseImage</c>).</summary>
    public bool LockBaseImage { get; set; }

    /// <summary>Runtime identifiers to make the image for: one, or several for an index.</summary>
    [Required]
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>Registry that the image is pushed to; empty for a daemon or an archive.</summary>
    public string DestinationRegistry { get; set; } = "";

    /// <summary>The image's repository.</summary>
    public string DestinationRepository { get; set; } = "";

    /// <summary>The project's TargetFrameworkVersion; tells which Lambda runtime its layers should be for.</summary>
    public string TargetFrameworkVersion { get; set; } = "";

    /// <summary>Whether the program brings its own .NET.</summary>
    public bool SelfContained { get; set; }

    /// <summary><c>OCI</c> or <c>Docker</c> (<c>ContainerImageFormat</c>); empty for the format of the base image.</summary>
    public string ImageFormat { get; set; } = "";

    /// <summary>Whether the image is to name its base's digest in a label.</summary>
    public bool LabelBaseDigest { get; set; } = true;

    /// <summary>What to set <c>ContainerBaseRegistry</c> to.</summary>
    [Output]
    public string ServedRegistry { get; set; } = "";

    /// <summary>What to set <c>ContainerBaseName</c> to.</summary>
    [Output]
    public string ServedRepository { get; set; } = "";

    /// <summary>What to set <c>ContainerBaseTag</c> to; names the served image for <see cref="StopLambdaBaseImage"/> too.</summary>
    [Output]
    public string ServedTag { get; set; } = "";

    /// <summary>Digest of the real base image or index; empty for scratch.</summary>
    [Output]
    public string ResolvedBaseDigest { get; set; } = "";

    /// <summary>
    /// One item for each layer of each platform, with metadata Platform, TargetPath, Resolved, Files,
    /// UncompressedSize, Size, Digest, DiffId, Cached.
    /// </summary>
    [Output]
    public ITaskItem[] PreparedLayers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var log = new TaskEngineLog(Log);
        var request = ReadRequest();
        var engine = new LayersEngine(
            ReadOptions() with { Registries = RemoteItems.RegistriesOf(request.Base, request.Items) }, log);
        try
        {
            var images = await engine.BuildVirtualBase.RunAsync(request, cancellationToken);
            var runtime = FunctionRuntime.Of(TargetFrameworkVersion, SelfContained);
            await engine.FinishVirtualBase.RunAsync(images, runtime, ReadDestination(), cancellationToken);
            var served = AssembleServedImage.Run(request.Base?.Repository ?? Image.ScratchName, images);
            var registry = LoopbackRegistry.Start(served);
            ServedBuilds.Register(BuildEngine4, served.Tag, new ServedBuild(engine, registry));
            Log.LogMessage(MessageImportance.Low, "Serving the base image at {0} until the image is published.", registry.Host);
            (ServedRegistry, ServedRepository, ServedTag) = (registry.Host, served.Repository, served.Tag);
            ResolvedBaseDigest = images[0].PinnedDigest?.ToString() ?? "";
            FinishFunction(log, request.Function, images);
            PreparedLayers = [.. images.SelectMany(image => image.AddedLayers.Select(layer => LayerReport.Describe(image, layer)))];
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private VirtualBaseRequest ReadRequest()
    {
        var scratch = BaseImage == Image.ScratchName;
        var reference = scratch ? null : ImageReference.Create(BaseRegistry, BaseName, BaseTag, BaseDigest);
        return new VirtualBaseRequest(reference, ReadPlatforms(RuntimeIdentifiers), ReadItems())
        {
            LabelBaseDigest = LabelBaseDigest,
            LockBase = LockBaseImage,
            Family = ReadFamily(),
            Function = ReadFunction(),
        };
    }

    // Offline, nobody is asked, so everything has to be here.
    private ImageReference? ReadDestination() =>
        DestinationRegistry.Length > 0 && DestinationRepository.Length > 0 && !Offline
        && ImageReference.TryParse($"{DestinationRegistry}/{DestinationRepository}", out var repository)
            ? repository
            : null;

    // As the SDK reads ContainerImageFormat; it reports other values itself.
    private ManifestFamily? ReadFamily() =>
        Enum.TryParse<ManifestFamily>(ImageFormat, ignoreCase: true, out var family) && Enum.IsDefined(family)
            ? family
            : null;
}
