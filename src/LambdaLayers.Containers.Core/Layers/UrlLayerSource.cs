using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A zip behind an https address; its identity is the SHA-256 that the item must give.</summary>
internal sealed class UrlLayerSource(
    HttpDownload download, ContentCache cache, LockFile lockFile, OfflineMode offline) : ILayerSource
{
    private const int DigestHintLength = 12;

    public LayerKind Kind => LayerKind.Url;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var digest = item.Sha256!;
        var key = KeyOf(item);
        var entry = lockFile.TryGet(key.Kind, key.Include);
        if (entry is null || entry.Digest != digest || lockFile.IsVerified)
        {
            // Once, so that the lock file has the size whatever the cache holds.
            await FetchAsync(item, digest, cancellationToken);
            entry = new LockEntry(key.Kind, key.Include, item.Origin.DisplayName, digest)
            {
                Size = new FileInfo(cache.Paths.Blob(digest)).Length,
            };
            lockFile.Set(entry);
        }

        return new ResolvedLayer(item, digest, token => OpenAsync(item, digest, token)) { LockKey = key };
    }

    /// <summary>
    /// The address without its query, which may be a secret. Addresses that differ in nothing else are told apart by what
    /// they lead to.
    /// </summary>
    public static LockKey KeyOf(LayerItem item)
    {
        var name = item.Origin.DisplayName;
        return new LockKey(LockKind.Url, name == item.Include ? name : $"{name}#{item.Sha256!.Hex[..DigestHintLength]}");
    }

    private async Task<LayerTree> OpenAsync(LayerItem item, Digest digest, CancellationToken cancellationToken)
    {
        await FetchAsync(item, digest, cancellationToken);
        return ZipTree.Open(cache.Paths.Blob(digest));
    }

    private async Task FetchAsync(LayerItem item, Digest digest, CancellationToken cancellationToken)
    {
        if (await cache.ContainsAsync(digest, cancellationToken))
            return;
        offline.Demand($"the zip of {item.Origin.DisplayName} ({digest}) in the cache");
        var address = new Uri(item.Include);
        var name = Path.GetFileName(address.AbsolutePath);
        var request = new DownloadRequest(name.Length == 0 ? address.Host : name, digest, (_, _) => Task.FromResult(address));
        await download.FetchAsync(request, cancellationToken);
    }
}
