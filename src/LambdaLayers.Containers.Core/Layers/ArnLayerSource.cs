using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// A published Lambda layer. Its identity is the SHA-256 of its zip, from the lock file where that has the ARN, otherwise
/// from Lambda; the zip is only fetched when somebody wants the files.
/// </summary>
internal sealed class ArnLayerSource(
    IAwsClients clients, LayerDownloader downloader, ContentCache cache, LockFile lockFile, OfflineMode offline) : ILayerSource
{
    public LayerKind Kind => LayerKind.Arn;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        if (!LayerVersionArn.TryParse(item.Include, out var arn))
            throw ItemErrors.NotALayerArn(item.Include);
        var region = RegionOf(item, arn);
        var entry = lockFile.TryGet(LockKind.Arn, item.Include);
        // A version never changes, so that only open ones are worth a new look.
        if (entry is not null && ((context.Refresh && arn.Version is null) || !IsFor(entry, region)))
            entry = null;
        ResolvedLayerVersion? found = null;
        if (entry is null)
        {
            offline.Demand($"what {item.Include} is (the lock file does not say)");
            found = await ResolverFor(item, arn, region).ResolveAsync(arn, cancellationToken);
            entry = Record(item, arn, region, found);
            lockFile.Set(entry);
        }

        return new ResolvedLayer(item, entry.Digest, token => OpenAsync(item, entry, found, token))
        {
            LockKey = entry.Key(),
            ResolvedName = entry.Resolved,
            Architectures = entry.Architectures,
            Runtimes = entry.Runtimes,
        };
    }

    /// <summary>The newest version of the item's layer that can be listed, with its number.</summary>
    public async Task<long> NewestVersionAsync(LayerItem item, LayerVersionArn arn, CancellationToken cancellationToken) =>
        await ResolverFor(item, arn, RegionOf(item, arn)).HighestVersionAsync(arn, cancellationToken);

    private async Task<LayerTree> OpenAsync(
        LayerItem item, LockEntry entry, ResolvedLayerVersion? found, CancellationToken cancellationToken)
    {
        if (!await cache.ContainsAsync(entry.Digest, cancellationToken))
            await FetchAsync(item, entry, found, cancellationToken);
        return ZipTree.Open(cache.Paths.Blob(entry.Digest));
    }

    private async Task FetchAsync(
        LayerItem item, LockEntry entry, ResolvedLayerVersion? found, CancellationToken cancellationToken)
    {
        offline.Demand($"the zip of {entry.Resolved} ({entry.Digest}, {entry.Size} bytes) in the cache");
        var arn = LayerVersionArn.Parse(item.Include);
        // A layer that AWS manages has its version only in what Lambda made of its ARN.
        if (LayerVersionArn.TryParse(entry.Resolved, out var locked) && !arn.IsAwsManaged)
            arn = locked;
        var resolver = ResolverFor(item, arn, RegionOf(item, arn) ?? RegionOf(entry));
        var version = found ?? await resolver.ResolveAsync(arn, cancellationToken);
        if (version.Digest != entry.Digest)
            throw LambdaErrors.LayerChanged(entry.Resolved, entry.Digest.ToString(), version.Digest.ToString());
        await downloader.FetchAsync(version, resolver, cancellationToken);
    }

    private LayerVersionResolver ResolverFor(LayerItem item, LayerVersionArn arn, AwsRegion? region) =>
        new(clients.Lambda(arn.Region ?? region, item.Profile));

    private LockEntry Record(LayerItem item, LayerVersionArn arn, AwsRegion? region, ResolvedLayerVersion found) =>
        new(LockKind.Arn, item.Include, found.Arn.ToString(), found.Digest)
        {
            Size = found.Size,
            Region = arn.IsAwsManaged ? (region ?? clients.RegionFor(item.Profile)).Name : null,
            Version = found.Arn.Version is null ? found.Version : null,
            Architectures = found.Architectures,
            Runtimes = found.Runtimes,
        };

    // Only an ARN without a region can be of several; Region of the item then says which one is meant.
    private static AwsRegion? RegionOf(LayerItem item, LayerVersionArn arn)
    {
        if (arn.Region is not null || item.Region is null)
            return arn.Region;
        return AwsRegion.Parse(item.Region, "Region");
    }

    private static AwsRegion? RegionOf(LockEntry entry) =>
        AwsRegion.TryParse(entry.Region, out var region) ? region : null;

    private static bool IsFor(LockEntry entry, AwsRegion? region) =>
        entry.Region is null || region is null || entry.Region == region.Name;
}
