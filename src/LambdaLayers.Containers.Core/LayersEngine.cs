using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Layers.FromImages;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core;

/// <summary>Puts the engine together for one build; everything that a step needs is made here and passed in.</summary>
internal sealed class LayersEngine : IDisposable
{
    private readonly RegistryHttp _registryHttp;
    private readonly AwsClients _aws;

    public LayersEngine(EngineOptions options, IEngineLog log)
    {
        _registryHttp = RegistryHttp.Create(HttpClient.DefaultProxy);
        _aws = new AwsClients(new AwsOptions(options.Environment));
        Cache = new ContentCache(new CachePaths(options.CacheDirectory));
        var registryOptions = new RegistryOptions { Insecure = InsecureRegistries.From(options.Environment) };
        var credentials = RegistryCredentials.Create(options.Environment, options.Registries, _aws, log, TimeProvider.System);
        var registry = new RegistryClient(_registryHttp, credentials, registryOptions, TimeProvider.System);
        var puller = new ImagePuller(registry);
        LockFile = LockFile.Open(options.LockFile, options.LockedMode);
        var packLayer = new PackLayer(Cache, new RecompressingPacker(), LockFile, log);
        var defaults = new PackOptions("/opt", options.DefaultTime) { CompressionLevel = options.CompressionLevel };
        var offline = new OfflineMode(options.Offline);
        ILayerSource[] sources =
        [
            new ZipLayerSource(), new DirectoryLayerSource(), new ProjectLayerSource(),
            new ImageLayerSource(puller, Cache, LockFile, offline, log),
        ];
        PrepareLayers = new PrepareLayers(sources, new ReuseBlobs(Cache, LockFile), packLayer, defaults, LockFile, log);
        BuildVirtualBase = new BuildVirtualBase(
            puller, new PinBaseImage(LockFile), PrepareLayers, new AddFunctionLayers(packLayer, defaults));
    }

    /// <summary>Downloads and packed layers on disk.</summary>
    public ContentCache Cache { get; }

    /// <summary>What remote items led to; saved before the hand-off.</summary>
    public LockFile LockFile { get; }

    /// <summary>From items to image layers.</summary>
    public PrepareLayers PrepareLayers { get; }

    /// <summary>From items to virtual base images.</summary>
    public BuildVirtualBase BuildVirtualBase { get; }

    public void Dispose()
    {
        _aws.Dispose();
        _registryHttp.Dispose();
    }
}
