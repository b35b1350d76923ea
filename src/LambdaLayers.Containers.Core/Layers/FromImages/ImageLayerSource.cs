using System.Collections.Concurrent;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Packing.Rootfs;

namespace LambdaLayers.Containers.Core.Layers.FromImages;

/// <summary>
/// Files out of a container image. What the item means is a manifest's digest, from the lock file where that has it; with
/// that and what the layer packs to, the registry is not asked at all.
/// </summary>
internal sealed class ImageLayerSource(
    ImagePuller puller, ContentCache cache, LockFile lockFile, OfflineMode offline, IEngineLog log) : ILayerSource
{
    private readonly ImageBlobs _blobs = new(cache, log);
    private readonly KeyedGate<string> _gate = new();
    private readonly ConcurrentDictionary<string, byte> _refreshed = new(StringComparer.Ordinal);

    public LayerKind Kind => LayerKind.Image;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(item.Include, out var image))
            throw LayerItemErrors.NotAnImageReference(item.Include);
        // Several items may take different folders of one image: its tag must mean the same for all of them.
        using var turn = await _gate.EnterAsync(item.Include, cancellationToken);
        var (entry, manifest) = await FindAsync(item, image, context, cancellationToken);
        var pinned = image.WithDigest(entry.Digest);
        var files = new ImageFiles(
            item, token => PullAsync(pinned, manifest, context.Platform, token), _blobs, cache, log);
        return new ResolvedLayer(item, IdentityOf(manifest, item), files.OpenTreeAsync)
        {
            LockKey = entry.Key(),
            LockPlatform = context.Platform.ToString(),
            ResolvedName = pinned.ToString(),
            Ready = item.SourcePath == item.TargetPath ? new ReadyBlobs(files.FindReadyAsync, files.OpenReadyAsync) : null,
        };
    }

    // Of the manifest and not of the index: an index changes with every architecture that it gains.
    private static Digest IdentityOf(Digest manifest, LayerItem item) =>
        Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', ReadImage.Version, manifest.ToString(), item.SourcePath)));

    private async Task<(LockEntry Entry, Digest Manifest)> FindAsync(
        LayerItem item, ImageReference image, ResolveContext context, CancellationToken cancellationToken)
    {
        var platform = context.Platform.ToString();
        var entry = lockFile.TryGet(LockKind.Image, item.Include);
        // A digest cannot move, and a tag is looked up anew once a build.
        var isMoving = context.Refresh && image.Digest is null && _refreshed.TryAdd(item.Include, 0);
        if (entry is not null && !isMoving && !lockFile.IsVerified && entry.Platforms.TryGetValue(platform, out var known))
            return (entry, known);
        if (image.Digest is null && entry is null)
            offline.Demand($"what {item.Include} is for {platform} (the lock file does not say)");
        var wanted = entry is null || isMoving ? image : image.WithDigest(entry.Digest);
        var found = await puller.PullAsync(wanted, context.Platform, cancellationToken);
        entry = new LockEntry(LockKind.Image, item.Include, found.Reference!.ToString(), found.PinnedDigest!)
        {
            Platforms = new SortedDictionary<string, Digest> { [platform] = found.Manifest.Digest },
        };
        lockFile.Set(entry);
        return (entry, found.Manifest.Digest);
    }

    private async Task<Image> PullAsync(
        ImageReference pinned, Digest manifest, Platform platform, CancellationToken cancellationToken)
    {
        var image = await puller.PullAsync(pinned, platform, cancellationToken);
        return image.Manifest.Digest == manifest
            ? image
            : throw RegistryErrors.WrongDigest(
                pinned.Registry, $"the manifest of '{pinned}' for {platform}", manifest.ToString(), image.Manifest.Digest.ToString());
    }
}
