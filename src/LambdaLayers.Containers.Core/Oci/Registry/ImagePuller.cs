using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Finds the images behind a reference, one for each platform wanted, and reads their documents.</summary>
/// <param name="cache">Keeps the documents; null to fetch them anew each time.</param>
internal sealed class ImagePuller(RegistryClient client, ContentCache? cache = null)
{
    private readonly RegistryDocuments _documents = new(client, cache);

    /// <summary>The image for one platform.</summary>
    public async Task<Image> PullAsync(ImageReference image, Platform platform, CancellationToken cancellationToken) =>
        (await PullAsync(image, [platform], cancellationToken))[0];

    /// <summary>The images for several platforms, in their order, all from what the tag means at one moment.</summary>
    public async Task<IReadOnlyList<Image>> PullAsync(
        ImageReference image, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var top = await _documents.ResolveManifestAsync(image, cancellationToken);
        var pinned = image.WithDigest(top.Digest);
        var images = new List<Image>(platforms.Count);
        foreach (var platform in platforms)
        {
            var manifest = top.IsIndex ? await SelectAsync(pinned, top, platform, cancellationToken) : top;
            images.Add(await ReadAsync(pinned, manifest, platform, cancellationToken));
        }

        return images;
    }

    /// <summary>
    /// Everything that runs behind a reference, whatever its platform, and the index, where the reference names one.
    /// </summary>
    public async Task<(IReadOnlyList<Image> Images, ImageIndex? Index)> PullAllAsync(
        ImageReference image, CancellationToken cancellationToken)
    {
        var top = await _documents.ResolveManifestAsync(image, cancellationToken);
        var pinned = image.WithDigest(top.Digest);
        if (!top.IsIndex)
            return ([await ReadAsync(pinned, top, null, cancellationToken)], null);
        var index = Parse(image, "index", () => ImageIndex.Parse(top.Bytes, top.MediaType));
        var images = new List<Image>();
        foreach (var entry in index.Manifests.Where(m => !m.IsAttestation && MediaTypes.IsManifest(m.MediaType)).DistinctBy(m => m.Digest))
        {
            var fetched = await _documents.ResolveManifestAsync(image.WithDigest(entry.Digest), cancellationToken);
            images.Add(await ReadAsync(pinned, fetched, entry.Platform, cancellationToken));
        }

        return images.Count > 0 ? (images, index) : throw RegistryErrors.BrokenDocument(image, "index", "it holds no images");
    }

    private async Task<FetchedManifest> SelectAsync(
        ImageReference image, FetchedManifest top, Platform platform, CancellationToken cancellationToken)
    {
        var index = Parse(image, "index", () => ImageIndex.Parse(top.Bytes, top.MediaType));
        var entry = index.Select(platform) ?? throw RegistryErrors.NoSuchPlatform(image, platform, index.Platforms);
        if (!MediaTypes.IsManifest(entry.MediaType))
            throw RegistryErrors.BrokenDocument(image, "index", MediaTypes.IsIndex(entry.MediaType)
                ? "it holds another index"
                : $"its entry for {platform} is a '{entry.MediaType}'");
        var fetched = await _documents.ResolveManifestAsync(image.WithDigest(entry.Digest), cancellationToken);
        if (fetched.MediaType != entry.MediaType)
            throw RegistryErrors.BrokenDocument(image, "index",
                $"its entry for {platform} is a '{fetched.MediaType}', not a '{entry.MediaType}'");
        if (fetched.Bytes.Length != entry.Size)
            throw RegistryErrors.WrongSize(image.Registry, $"the manifest {entry.Digest} of '{image.Name}'",
                $"{entry.Size}", $"{fetched.Bytes.Length} bytes");
        return fetched;
    }

    private async Task<Image> ReadAsync(
        ImageReference image, FetchedManifest fetched, Platform? platform, CancellationToken cancellationToken)
    {
        var manifest = Parse(image, "manifest", () => ImageManifest.Parse(fetched.Bytes, fetched.MediaType));
        if (!manifest.IsImage)
            throw RegistryErrors.NotAnImage(image, manifest.ArtifactType ?? manifest.Config.MediaType);
        var bytes = await _documents.ReadBlobAsync(image, manifest.Config, Limits.Default.ConfigBytes, cancellationToken);
        var config = Parse(image, "configuration", () => ImageConfig.Parse(bytes));
        if (platform is not null && config.Platform is { } actual && !platform.Accepts(actual))
            throw RegistryErrors.NoSuchPlatform(image, platform, [actual]);
        if (config.DiffIds.Count != manifest.Layers.Count)
            throw RegistryErrors.BrokenDocument(image, "configuration",
                $"it describes {config.DiffIds.Count} layers, the manifest lists {manifest.Layers.Count}");
        var origin = new LayerOrigin(image.ToString()) { Image = image };
        var layers = manifest.Layers.Zip(config.DiffIds, (blob, diffId) =>
            new Layer(blob, diffId, origin, token => client.GetBlobAsync(image, blob, token)));
        return new Image(manifest, config, [.. layers])
        {
            Platform = platform ?? config.Platform ?? Platform.LinuxAmd64,
            Reference = image,
            PinnedDigest = image.Digest,
        };
    }

    private static T Parse<T>(ImageReference image, string what, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            throw RegistryErrors.BrokenDocument(image, what, e.Message, e);
        }
    }
}
