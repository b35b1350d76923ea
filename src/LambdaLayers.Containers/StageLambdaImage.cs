using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Hosting;
using LambdaLayers.Containers.Logging;
using Microsoft.Build.Framework;

namespace LambdaLayers.Containers;

/// <summary>
/// Makes the virtual base image (the real base with one image layer for each <c>LambdaLayer</c> item) and serves it on
/// loopback, where the .NET SDK pulls it and pushes what it makes, until <see cref="PublishLambdaImage"/> or the end of the
/// build.
/// </summary>
public sealed class StageLambdaImage : EngineTask
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

    /// <summary>Whether the SDK loads the image into a local daemon instead of pushing it to the staging registry.</summary>
    public bool IsForDaemon { get; set; }

    /// <summary>The project's TargetFrameworkVersion; tells which Lambda runtime its layers should be for.</summary>
    public string TargetFrameworkVersion { get; set; } = "";

    /// <summary>Whether the program brings its own .NET.</summary>
    public bool SelfContained { get; set; }

    /// <summary><c>OCI</c> or <c>Docker</c> (<c>ContainerImageFormat</c>); empty for the format of the base image.</summary>
    public string ImageFormat { get; set; } = "";

    /// <summary>Whether the image is to name its base's digest in a label.</summary>
    public bool LabelBaseDigest { get; set; } = true;

    /// <summary>Assembly name of the function's project; empty when the image is no function.</summary>
    public string FunctionAssembly { get; set; } = "";

    /// <summary>Whether the function is a class library.</summary>
    public bool FunctionIsLibrary { get; set; }

    /// <summary>Whether the function's executable is self-contained or Native AOT.</summary>
    public bool FunctionBringsRuntime { get; set; }

    /// <summary>The image's CMD (<c>ContainerDefaultArgs</c>).</summary>
    public string[] FunctionCommand { get; set; } = [];

    /// <summary>Whether the user sets the image's entry point.</summary>
    public bool FunctionHasEntryPoint { get; set; }

    /// <summary>Whether the application's packages get an image layer of their own.</summary>
    public bool SplitDependencies { get; set; }

    /// <summary><c>ContainerWorkingDirectory</c>.</summary>
    public string WorkingDirectory { get; set; } = "";

    /// <summary>Absolute path of the published files.</summary>
    public string PublishDirectory { get; set; } = "";

    /// <summary>What <see cref="PrefetchLambdaLayers.Prefetch"/> was; empty when nothing was fetched ahead.</summary>
    public string Prefetch { get; set; } = "";

    /// <summary>What to set <c>ContainerBaseRegistry</c> and <c>ContainerRegistry</c> to.</summary>
    [Output]
    public string StagingRegistry { get; set; } = "";

    /// <summary>What to set <c>ContainerBaseName</c> to.</summary>
    [Output]
    public string StagedRepository { get; set; } = "";

    /// <summary>What to set <c>ContainerBaseTag</c> to; names the build for <see cref="PublishLambdaImage"/> too.</summary>
    [Output]
    public string StagedTag { get; set; } = "";

    /// <summary>The entry point to set because the base image has none; empty where it has one.</summary>
    [Output]
    public string[] FunctionEntryPoint { get; set; } = [];

    /// <summary>Digests of the layers that were packed ahead, so that the summary does not tell of them as cached.</summary>
    [Output]
    public string[] PackedLayers { get; set; } = [];

    private protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var log = new TaskEngineLog(this);
        var request = ReadRequest();
        var engine = new Engine(ReadOptions() with { Registries = RemoteItems.RegistriesOf(request.Base, request.Items) }, log);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = LayerPrefetch.WaitAsync(BuildEngine4, Prefetch, log, waiting.Token);
        try
        {
            var registry = await engine.StageBaseAsync(request with { Ahead = ahead }, cancellationToken);
            PackedLayers = [.. (await ahead).Packed.Select(digest => digest.ToString())];
            new StagedBuild(engine, log, registry, request).Register(BuildEngine4);
            Log.LogMessage(MessageImportance.Low, "Staging the image at {0} until it is published.", registry.Host);
            (StagingRegistry, StagedRepository, StagedTag) = (registry.Host, registry.Base.Repository, registry.Base.Tag);
            if (request.Function is { } function)
                ReadEntryPoint(log, function, registry.Base.Images);
        }
        catch
        {
            // Its messages cannot be this task's any longer.
            await waiting.CancelAsync();
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            engine.Dispose();
            throw;
        }
    }

    private VirtualBaseRequest ReadRequest()
    {
        var reference = BaseImage == Image.ScratchName ? null : ImageReference.Create(BaseRegistry, BaseName, BaseTag, BaseDigest);
        return new VirtualBaseRequest(reference, ReadPlatforms(), ReadItems())
        {
            LabelBaseDigest = LabelBaseDigest,
            LockBase = Core.Deployment.PropertyValues.Flag(Property, "LambdaLayersLockBaseImage") ?? false,
            Family = ReadFamily(ImageFormat),
            Runtime = FunctionRuntime.Of(TargetFrameworkVersion, SelfContained),
            IsForDaemon = IsForDaemon,
            Function = ReadFunction(),
        };
    }

    private FunctionSettings? ReadFunction() => FunctionAssembly.Length == 0
        ? null
        : new FunctionSettings(FunctionAssembly)
        {
            IsLibrary = FunctionIsLibrary,
            Runtime = FunctionRuntime.Of(TargetFrameworkVersion, SelfContained),
            BringsRuntime = FunctionBringsRuntime,
            Command = FunctionCommand,
            HasOwnEntryPoint = FunctionHasEntryPoint,
            WorkingDirectory = WorkingDirectory.TrimEnd('/'),
            PublishDirectory = PublishDirectory,
            ExecWrappers = ReadExecWrappers(),
            SplitDependencies = SplitDependencies,
        };

    private void ReadEntryPoint(TaskEngineLog log, FunctionSettings function, IReadOnlyList<Image> images)
    {
        if (images.Count > 1)
            log.Warning(FunctionImageErrors.FunctionIsIndex([.. images.Select(i => i.Platform.ToString())]));
        if (images[0].Config.EntryPoint.Count > 0 || function.HasOwnEntryPoint)
            return;
        var program = $"{function.WorkingDirectory}/{function.AssemblyName}";
        FunctionEntryPoint = function.BringsRuntime ? [program] : ["dotnet", program + ".dll"];
    }
}
