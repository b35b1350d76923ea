using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Layers.FromImages;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core;

/// <summary>Puts the engine together for one build; everything that a step needs is made here and passed in.</summary>
internal sealed class LayersEngine : IDisposable
{
    private readonly HttpTransport _http;
    private readonly AwsClients _aws;

    public LayersEngine(EngineOptions options, IEngineLog log)
    {
        LockFile = LockFile.Open(options.LockFile, options.LockedMode, options.VerifyLocked);
        _http = HttpTransport.Create(HttpClient.DefaultProxy, log);
        _aws = new AwsClients(new AwsOptions(options.Environment) { Profile = options.AwsProfile, Region = options.AwsRegion });
        Cache = new ContentCache(new CachePaths(options.CacheDirectory)
        {
            IsDefault = options.CacheDirectory == CachePaths.DefaultRoot(options.Environment),
        });
        Cache.Guard(log);
        Cache.SweepTemporaries(TimeProvider.System);
        var offline = new OfflineMode(options.Offline);
        var registryOptions = new RegistryOptions { Insecure = InsecureRegistries.From(options.Environment), Offline = offline };
        var authorization = new EcrAuthorization(_aws, TimeProvider.System);
        var credentials = RegistryCredentials.Create(
            options.Environment,
            options.Registries with { Destination = options.PushRegistry },
            profile => new EcrCredentialSource(authorization, profile, log),
            TimeProvider.System);
        var registry = new RegistryClient(_http, credentials, registryOptions);
        // What the cache has by its digest says nothing about which repository it is in.
        var puller = new ImagePuller(registry, options.VerifyLocked ? null : Cache);
        var download = new HttpDownload(_http, Cache);
        var packLayer = new PackLayer(Cache, new LayerPacker(), LockFile, log);
        var defaults = new PackOptions("/opt", options.DefaultTime) { Compression = options.Compression };
        ArnLayers = new ArnLayerSource(_aws, new LayerDownloader(download), Cache, LockFile, offline);
        FindNewerVersions = new FindNewerVersions(ArnLayers, offline, log);
        ILayerSource[] sources =
        [
            new ZipLayerSource(), new DirectoryLayerSource(), new ProjectLayerSource(), ArnLayers,
            new UrlLayerSource(download, Cache, LockFile, offline),
            new ImageLayerSource(puller, Cache, LockFile, offline, log),
        ];
        PrepareLayers = new PrepareLayers(sources, new ReuseBlobs(Cache, LockFile), packLayer, defaults, LockFile, log);
        PinBaseImage = new PinBaseImage(LockFile, puller);
        BuildVirtualBase = new BuildVirtualBase(
            puller, PinBaseImage, PrepareLayers, new AddFunctionLayers(packLayer, defaults));
        MaterialiseLayers = new MaterialiseLayers(new ImageDestination(null, null, log), log);
        FinishVirtualBase = new FinishVirtualBase(registry, LockFile, log);
        BuildLayerImage = new BuildLayerImage(PrepareLayers);
        PushImage = new ImagePush(_http, credentials, registryOptions, log);
    }

    /// <summary>Downloads and packed layers on disk.</summary>
    public ContentCache Cache { get; }

    /// <summary>What remote items led to; saved before the hand-off.</summary>
    public LockFile LockFile { get; }

    /// <summary>Published Lambda layers.</summary>
    public ArnLayerSource ArnLayers { get; }

    /// <summary>Newer versions of published layers.</summary>
    public FindNewerVersions FindNewerVersions { get; }

    /// <summary>The base image's place in the lock file.</summary>
    public PinBaseImage PinBaseImage { get; }

    /// <summary>From items to image layers.</summary>
    public PrepareLayers PrepareLayers { get; }

    /// <summary>From items to virtual base images.</summary>
    public BuildVirtualBase BuildVirtualBase { get; }

    /// <summary>Makes all layers that are not in the cache yet, whatever their destination has.</summary>
    public MaterialiseLayers MaterialiseLayers { get; }

    /// <summary>Checks them, saves the lock file, and makes the bytes that the hand-off needs.</summary>
    public FinishVirtualBase FinishVirtualBase { get; }

    /// <summary>From items to images of layers only.</summary>
    public BuildLayerImage BuildLayerImage { get; }

    /// <summary>Pushes images that the SDK does not make.</summary>
    public ImagePush PushImage { get; }

    public void Dispose()
    {
        _aws.Dispose();
        _http.Dispose();
    }
}
