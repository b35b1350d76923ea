using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
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
public sealed partial class ServeLambdaBaseImage : LayersTask
{
    /// <summary>The <c>LambdaLayer</c> items, in order; a later one wins.</summary>
    public ITaskItem[] Layers { get; set; } = [];

    /// <summary>Absolute folder of the project; relative Includes start there.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

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

    /// <summary>Runtime identifiers to make the image for: one, or several for an index.</summary>
    [Required]
    public string[] RuntimeIdentifiers { get; set; } = [];

    /// <summary>Absolute path of the cache; empty for the user's cache folder.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>Absolute folder below which extension projects and BuildCommands put what they make.</summary>
    public string BuildDirectory { get; set; } = "";

    /// <summary>gzip level for packed layers, 1 to 9; empty for 6.</summary>
    public string Compression { get; set; } = "";

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
        var engine = new LayersEngine(EngineSettings.Read(CacheDirectory, Compression, ProjectDirectory), log);
        try
        {
            var images = await engine.BuildVirtualBase.RunAsync(request, cancellationToken);
            var served = AssembleServedImage.Run(request.Base?.Repository ?? Core.Images.BaseImage.ScratchName, images);
            var registry = LoopbackRegistry.Start(served);
            ServedBuilds.Register(BuildEngine4, served.Tag, new ServedBuild(engine, registry));
            Log.LogMessage(MessageImportance.Low, "Serving the base image at {0} until the image is published.", registry.Host);
            (ServedRegistry, ServedRepository, ServedTag) = (registry.Host, served.Repository, served.Tag);
            ResolvedBaseDigest = images[0].Base.PinnedDigest?.ToString() ?? "";
            FinishFunction(log, request.Function, images);
            PreparedLayers = [.. images.SelectMany(image => image.Layers.Select(layer => LayerReport.Describe(image, layer)))];
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private VirtualBaseRequest ReadRequest()
    {
        var scratch = BaseImage == Core.Images.BaseImage.ScratchName;
        var reference = scratch ? null : ImageReference.Create(BaseRegistry, BaseName, BaseTag, BaseDigest);
        var platforms = RuntimeIdentifiers.Select(rid => Platform.TryFromRuntimeIdentifier(rid, out var platform)
            ? platform
            : throw HandOffErrors.UnknownRuntimeIdentifier(rid));
        return new VirtualBaseRequest(
            reference, [.. platforms.Distinct()], LayerItems.Parse(Layers, ProjectDirectory, BuildDirectory))
        {
            LabelBaseDigest = LabelBaseDigest,
            Function = ReadFunction(),
        };
    }
}
