using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Ecr;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Deployment.Push;
using LambdaLayers.Containers.Core.Deployment.Sbom;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Images.Archives;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Images.LayerImages;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Layers.FromImages;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Verification;
using LambdaLayers.Containers.Core.Verification.Leaks;

namespace LambdaLayers.Containers.Core;

/// <summary>
/// The use cases, one method each, and the one place where their parts are put together. One engine serves one task, or the
/// two tasks of a publish between which the .NET SDK makes the image.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly EngineOptions _options;
    private readonly IEngineLog _log;
    private readonly HttpTransport _http;
    private readonly AwsClients _aws;
    private readonly EcrAuthorization _authorization;
    private readonly ContentCache _cache;
    private readonly LockFile _lockFile;
    private readonly OfflineMode _offline;
    private readonly PackOptions _packing;
    private readonly CredentialChain _pulling;
    private readonly ImagePuller _puller;
    private readonly ArnLayerSource _arnLayers;
    private readonly PackLayer _packLayer;
    private readonly PackTemporary _packTemporary;
    private readonly PrepareLayers _prepareLayers;
    private readonly PinBaseImage _pinBase;
    private readonly VerifyImages _verify;
    private readonly DeliverImages _deliver;

    public Engine(EngineOptions options, IEngineLog log)
    {
        (_options, _log) = (options, log);
        _lockFile = LockFile.Open(options.LockFile, options.LockedMode, options.VerifyLocked);
        _http = HttpTransport.Create(HttpClient.DefaultProxy, log, options.Time);
        _aws = new AwsClients(new AwsOptions(options.Environment) { Profile = options.AwsProfile, Region = options.AwsRegion });
        _authorization = new EcrAuthorization(_aws, options.Time);
        var paths = new CachePaths(options.CacheDirectory)
        {
            IsDefault = options.CacheDirectory == CachePaths.DefaultRoot(options.Environment),
        };
        _cache = new ContentCache(paths, options.VerifiedBlobs);
        _offline = new OfflineMode(options.Offline);
        var registries = new RegistryOptions { Insecure = InsecureRegistries.From(options.Environment), Offline = _offline };
        _pulling = Credentials(options.Registries);
        // What the cache has by its digest says nothing about which repository it is in.
        _puller = new ImagePuller(
            new RegistryClient(_http, _pulling, registries), options.VerifyLocked ? null : _cache);
        var download = new HttpDownload(_http, _cache);
        _packLayer = new PackLayer(_cache, new LayerPacker(), _lockFile, log);
        _packTemporary = new PackTemporary(new LayerPacker(), _cache, log);
        _packing = new PackOptions("/opt", options.SourceTime) { Compression = options.Compression };
        _arnLayers = new ArnLayerSource(_aws, new LayerDownloader(download), _cache, _lockFile, _offline);
        ILayerSource[] sources =
        [
            new ZipLayerSource(), new DirectoryLayerSource(), new ProjectLayerSource(), _arnLayers,
            new UrlLayerSource(download, _cache, _lockFile, _offline),
            new ImageLayerSource(_puller, _cache, _lockFile, _offline, log),
        ];
        _prepareLayers = new PrepareLayers(
            sources, new ReuseBlobs(_cache, _lockFile), _packLayer, _packing, _lockFile, log);
        _pinBase = new PinBaseImage(_lockFile, _puller);
        _verify = new VerifyImages(
            _cache, options.Verification, () => KnownSecrets.FindAsync(options.Environment, _aws, [_pulling]), log);
        _deliver = new DeliverImages(_http, Credentials, registries, log);
    }

    /// <summary>
    /// Fetches and packs what the items lead to, for each platform, and writes the lock file. With
    /// <see cref="RestoreMode.Update"/> open versions and tags are looked up anew; with <see cref="RestoreMode.List"/> nothing
    /// is fetched that is known, and nothing written.
    /// </summary>
    public async Task<RestoredLayers> RestoreAsync(
        IReadOnlyList<LayerItem> items, IReadOnlyList<Platform> platforms, RestoreMode mode, CancellationToken cancellationToken)
    {
        // Only a publish knows the base image.
        _lockFile.KeepAll(LockKind.Base);
        if (mode == RestoreMode.Update)
            await _pinBase.RefreshAsync(cancellationToken);
        var layers = new List<(Platform Platform, Layer Layer)>();
        foreach (var platform in platforms)
        {
            var context = new ResolveContext(platform, _log) { Refresh = mode == RestoreMode.Update };
            layers.AddRange((await _prepareLayers.RunAsync(items, context, cancellationToken)).Select(layer => (platform, layer)));
        }

        var changes = _lockFile.Differences();
        if (mode != RestoreMode.List)
        {
            await PrepareLayers.MakeAsync(layers.Select(l => l.Layer), cancellationToken);
            await _lockFile.SaveAsync(cancellationToken);
        }

        var newer = mode == RestoreMode.Restore
            ? new Dictionary<string, string>()
            : await new FindNewerVersions(_arnLayers, _offline, _log).RunAsync(items, cancellationToken);
        return new RestoredLayers(layers, changes, newer);
    }

    /// <summary>
    /// The items' layers as the lock file and the cache describe them; what neither knows is fetched and packed. Opening a
    /// layer makes it.
    /// </summary>
    public Task<IReadOnlyList<Layer>> DescribeAsync(
        IReadOnlyList<LayerItem> items, Platform platform, CancellationToken cancellationToken) =>
        _prepareLayers.RunAsync(items, platform, cancellationToken);

    /// <summary>Reads the documents of the base image into the cache, ahead of the publish that wants them.</summary>
    public async Task PrefetchBaseAsync(VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Base is { } image)
            await _puller.PullAsync(request.LockBase ? _pinBase.Apply(image) : image, request.Platforms, cancellationToken);
    }

    /// <summary>
    /// Brings into the cache what the items lead to, ahead of the publish that wants it. The lock file is read, and written by
    /// that publish only.
    /// </summary>
    /// <param name="request">The items and platforms.</param>
    /// <param name="isAllWanted">
    /// Whether to make also what the lock file describes, since every byte will be wanted. Otherwise the image's destination
    /// may have those layers.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PrefetchedLayers> PrefetchLayersAsync(
        VirtualBaseRequest request, bool isAllWanted, CancellationToken cancellationToken)
    {
        _cache.Guard(_log);
        var layers = new List<Layer>();
        foreach (var platform in request.Platforms)
            layers.AddRange(await DescribeAsync(request.Items, platform, cancellationToken));
        if (isAllWanted)
            await PrepareLayers.MakeAsync(layers, cancellationToken);
        return new PrefetchedLayers(
            [.. layers.Where(layer => !layer.Origin.FromCache).Select(layer => layer.Digest)],
            [.. Enum.GetValues<LockKind>().SelectMany(_lockFile.All)]);
    }

    /// <summary>Spares this engine the questions that <see cref="PrefetchLayersAsync"/> of another one has asked.</summary>
    public void Learn(PrefetchedLayers ahead) => _prepareLayers.Learn(ahead);

    /// <summary>
    /// Before publish computes its files: takes the manifests of .NET runtime package stores out of the layers, for
    /// <c>TargetManifestFiles</c>. Gives their absolute paths below <paramref name="folder"/>, and the layers.
    /// </summary>
    public async Task<(IReadOnlyList<string> Manifests, IReadOnlyList<Layer> Layers)> ExtractStoreManifestsAsync(
        IReadOnlyList<LayerItem> items, Platform platform, string framework, string folder, CancellationToken cancellationToken)
    {
        var layers = await DescribeAsync(items, platform, cancellationToken);
        return (await StoreManifests.ExtractAsync(layers, platform, framework, folder, cancellationToken), layers);
    }

    /// <summary>
    /// Before anything is made: an ECR repository that is missing or is to be made, and AWS credentials that are. Other
    /// registries are left to the push.
    /// </summary>
    public async Task CheckRepositoryAsync(
        ImageReference destination, RepositorySettings settings, CancellationToken cancellationToken)
    {
        if (!EcrRegistryHost.TryParse(destination.Registry, out var host))
            return;
        var use = RegistryUse.None with { Destination = destination.Registry };
        await Credentials(use).FindAsync(new CredentialScope(destination.Registry, CredentialPurpose.Push), cancellationToken);
        try
        {
            await new EcrRepositories(_aws, _log).EnsureAsync(
                host, destination.Repository, settings, profile: null, cancellationToken);
        }
        catch (AwsException e) when (e.Kind == AwsFailureKind.NoCredentials)
        {
            // Whoever is logged in by docker's means need not have AWS credentials, and then nobody can ask ECR.
            _log.Low($"ECR was not asked about {destination.Repository}: {e.Diagnostic.Message}");
        }
    }

    /// <summary>Before anything is made or pushed: what would stop the deployment.</summary>
    public Task CheckDeploymentAsync(
        DeploymentRequest request, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken) =>
        Functions.CheckAsync(request, platforms, cancellationToken);

    /// <summary>
    /// Makes the virtual base image (the real one with the Lambda layers on top), checks it, writes the lock file, and serves
    /// it on loopback until the result is disposed.
    /// </summary>
    public async Task<StagingRegistry> StageBaseAsync(VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        var images = await BuildBaseAsync(request, cancellationToken);
        // A daemon gets every byte from here, and failures there can only be told as the SDK's. Offline, one error lists all
        // that is missing.
        if (request.IsForDaemon || _options.Offline)
            await PrepareLayers.MakeAsync(images.SelectMany(i => i.AddedLayers), cancellationToken);
        // Nobody sees that image again before the daemon has it: what is on the base so far is all that can be looked at.
        if (request.IsForDaemon)
            await _verify.OfPublishAsync(images, function: null, isRun: false, cancellationToken);
        var repository = request.Base?.Repository ?? Image.ScratchName;
        return StagingRegistry.Start(new StagedBase(repository, images), _cache.CreateTemporary);
    }

    /// <summary>Finishes what the SDK made, and pushes or archives it.</summary>
    /// <param name="staging">What <see cref="StageBaseAsync"/> gave.</param>
    /// <param name="manifests">The manifests of the SDK's images, one for each platform.</param>
    /// <param name="settings">What the project says of the images.</param>
    /// <param name="destination">Where the images go.</param>
    /// <param name="sbom">The bills of materials; null for none.</param>
    /// <param name="cancellationToken">Stops it; nothing half-written stays behind.</param>
    public async Task<PublishedImages> PublishAsync(
        StagingRegistry staging, IReadOnlyList<ImageManifest> manifests, FinishSettings settings,
        PublishDestination destination, SbomSettings? sbom, CancellationToken cancellationToken)
    {
        if (staging.Failure is { } failure)
            throw failure;
        var images = new List<FinishedImage>(manifests.Count);
        foreach (var manifest in manifests)
            images.Add(await Finish.RunAsync(staging, manifest, settings, cancellationToken));
        var ordered = Ordered(images);
        return await _deliver.RunAsync(
            ordered, staging.Base.Index is not null, destination, sbom,
            Verifying(ordered, settings.Function, isRun: true), cancellationToken);
    }

    /// <summary>Makes the image of a function that no .NET project makes, and pushes or archives it.</summary>
    /// <param name="request">Base and layers; with a function that has <see cref="FunctionSettings.Task"/>.</param>
    /// <param name="run">How the image is run.</param>
    /// <param name="settings">What else the project says of it.</param>
    /// <param name="destination">Where the images go.</param>
    /// <param name="sbom">The bills of materials; null for none.</param>
    /// <param name="cancellationToken">Stops it; nothing half-written stays behind.</param>
    public async Task<PublishedImages> PublishTaskImageAsync(
        VirtualBaseRequest request, RunSettings run, FinishSettings settings, PublishDestination destination,
        SbomSettings? sbom, CancellationToken cancellationToken)
    {
        var images = new List<FinishedImage>(request.Platforms.Count);
        foreach (var @base in await BuildBaseAsync(request, cancellationToken))
            images.Add(await Finish.RunAsync(@base, run, settings, cancellationToken));
        var ordered = Ordered(images);
        return await _deliver.RunAsync(
            ordered, images.Count > 1, destination, sbom, Verifying(ordered, settings.Function, isRun: true), cancellationToken);
    }

    /// <summary>Makes an image of layers only, and pushes or archives it.</summary>
    public async Task<PublishedImages> PublishLayerImageAsync(
        LayerImageRequest request, PublishDestination destination, SbomSettings? sbom, CancellationToken cancellationToken)
    {
        var images = await new BuildLayerImage(_prepareLayers).RunAsync(request, cancellationToken);
        await CheckAsync(images, runtime: null, cancellationToken);
        var finished = images.Select(image => new FinishedImage(image, [.. image.AddedLayers], DependencyFile: null)).ToList();
        return await _deliver.RunAsync(
            finished, images.Count > 1, destination, sbom, Verifying(finished, function: null, isRun: false), cancellationToken);
    }

    /// <summary>
    /// Looks at every layer of an image that lies in a registry, an archive or a folder, by the rules of
    /// <see cref="PublishAsync"/>. Gives how many images there are.
    /// </summary>
    /// <param name="name">A reference, with <c>docker://</c> in front or not, or the absolute path of an archive.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<int> VerifyImageAsync(string name, CancellationToken cancellationToken)
    {
        using var stored = Path.Exists(name)
            ? await new ReadImageArchive(_cache).RunAsync(name, cancellationToken)
            : await PullAllAsync(name, cancellationToken);
        await _verify.OfStoredAsync(name, stored, cancellationToken);
        return stored.Images.Count;
    }

    /// <summary>Creates or updates the function.</summary>
    public Task<DeploymentResult> DeployAsync(
        DeploymentRequest request, IReadOnlyList<PublishedImage> images, CancellationToken cancellationToken) =>
        Functions.DeployAsync(request, images, cancellationToken);

    public void Dispose()
    {
        _packTemporary.Dispose();
        _aws.Dispose();
        _http.Dispose();
    }

    private async Task<StoredImages> PullAllAsync(string name, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(name, out var reference))
            throw VerificationErrors.NotAnImage(name);
        var (images, index) = await _puller.PullAllAsync(reference, cancellationToken);
        return new StoredImages(images, index);
    }

    private Func<CancellationToken, Task> Verifying(IReadOnlyList<FinishedImage> images, FunctionSettings? function, bool isRun) =>
        cancellationToken => _verify.OfPublishAsync([.. images.Select(i => i.Image)], function, isRun, cancellationToken);

    private async Task<IReadOnlyList<Image>> BuildBaseAsync(VirtualBaseRequest request, CancellationToken cancellationToken)
    {
        _cache.Guard(_log);
        _cache.SweepTemporaries(_options.Time);
        var builder = new BuildVirtualBase(_puller, _pinBase, _prepareLayers, PackFunctionLayers);
        var images = await builder.RunAsync(request, cancellationToken);
        await CheckAsync(images, request.Runtime, cancellationToken);
        return images;
    }

    private FinishImage Finish => new(PackFunctionLayers, _cache, _options.SourceTime);

    private static List<FinishedImage> Ordered(IEnumerable<FinishedImage> images) =>
        [.. images.OrderBy(i => i.Image.Platform.ToString(), StringComparer.Ordinal)];

    private async Task CheckAsync(IReadOnlyList<Image> images, FunctionRuntime? runtime, CancellationToken cancellationToken)
    {
        var checks = new CheckLayers(runtime, _log);
        foreach (var image in images)
            checks.Run([.. image.AddedLayers], image.Platform);
        if (await _lockFile.SaveAsync(cancellationToken))
            _log.Normal("The lock file was written; commit it, so that every build takes the same layers.");
    }

    private PackFunctionLayers PackFunctionLayers => new(_packLayer, _packTemporary, _packing);

    private FunctionDeployment Functions => new(_aws, _options.Environment, _options.Time, _log);

    private CredentialChain Credentials(RegistryUse use) => RegistryCredentials.Create(
        _options.Environment, use,
        (profile, otherwise) => new EcrCredentialSource(_authorization, profile, _log) { Otherwise = otherwise },
        _options.Time);
}

/// <summary>What a restore does with what is locked.</summary>
internal enum RestoreMode
{
    /// <summary>Keeps to the lock file.</summary>
    Restore,

    /// <summary>Looks up tags and open versions anew.</summary>
    Update,

    /// <summary>Shows, and writes nothing.</summary>
    List,
}

/// <summary>What a restore led to.</summary>
/// <param name="Layers">The layers of each platform, in the order of the items.</param>
/// <param name="Changes">How the lock file changed, a line each.</param>
/// <param name="Newer">Include to a newer version's ARN, where there is one to be seen.</param>
internal sealed record RestoredLayers(
    IReadOnlyList<(Platform Platform, Layer Layer)> Layers, IReadOnlyList<string> Changes, IReadOnlyDictionary<string, string> Newer);
