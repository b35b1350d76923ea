using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Push;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core;

/// <summary>Puts the engine together for one build; everything that a step needs is made here and passed in.</summary>
internal sealed class LayersEngine : IDisposable
{
    private readonly RegistryHttp _registryHttp;

    public LayersEngine(EngineOptions options, IEngineLog log)
    {
        _registryHttp = RegistryHttp.Create(HttpClient.DefaultProxy);
        Cache = new ContentCache(new CachePaths(options.CacheDirectory));
        var registryOptions = new RegistryOptions { Insecure = InsecureRegistries.From(options.Environment) };
        var registry = new RegistryClient(
            _registryHttp, CredentialChain.Anonymous, registryOptions, TimeProvider.System);
        LockFile = LockFile.Open(options.LockFile, options.LockedMode);
        var packLayer = new PackLayer(Cache, new RecompressingPacker(), LockFile, log);
        var defaults = new PackOptions("/opt", options.DefaultTime) { CompressionLevel = options.CompressionLevel };
        ILayerSource[] sources = [new ZipLayerSource(), new DirectoryLayerSource(), new ProjectLayerSource()];
        PrepareLayers = new PrepareLayers(sources, packLayer, defaults, LockFile, log);
        BuildVirtualBase = new BuildVirtualBase(
            new ImagePuller(registry), PrepareLayers, new AddFunctionLayers(packLayer, defaults));
        BuildLayerImage = new BuildLayerImage(PrepareLayers);
        ImagePusher = new ImagePusher(_registryHttp, CredentialChain.Anonymous, registryOptions, TimeProvider.System);
    }

    /// <summary>Downloads and packed layers on disk.</summary>
    public ContentCache Cache { get; }

    /// <summary>What remote items led to; saved before the hand-off.</summary>
    public LockFile LockFile { get; }

    /// <summary>From items to image layers.</summary>
    public PrepareLayers PrepareLayers { get; }

    /// <summary>From items to virtual base images.</summary>
    public BuildVirtualBase BuildVirtualBase { get; }

    /// <summary>From items to images of layers only.</summary>
    public BuildLayerImage BuildLayerImage { get; }

    /// <summary>Pushes images that the SDK does not make.</summary>
    public ImagePusher ImagePusher { get; }

    public void Dispose() => _registryHttp.Dispose();
}
