using System.Text;
using System.Text.Json.Serialization;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>
/// A published Lambda layer. Its identity is the SHA-256 of its zip, from the lock file where that has the ARN, otherwise
/// from Lambda; the zip is only fetched when somebody wants the files.
/// </summary>
internal sealed class ArnLayerSource(
    AwsClients clients, LayerDownloader downloader, ContentCache cache, LockFile lockFile, OfflineMode offline) : ILayerSource
{
    private const string Mapping = "published";

    public LayerKind Kind => LayerKind.Arn;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        if (!LayerVersionArn.TryParse(item.Include, out var arn))
            throw LayerItemErrors.NotALayerArn(item.Include);
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
            await RememberAsync(entry, cancellationToken);
            lockFile.Set(entry);
        }
        else if (lockFile.IsVerified || await MayBeSwappedAsync(entry, cancellationToken))
        {
            found = await AskAgainAsync(item, entry, cancellationToken);
            if (lockFile.IsVerified)
                lockFile.Set(Record(item, arn, region, found));
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

    // The lock file is taken at its word only where that is checked before the zip is used: when it is fetched. A zip that
    // is here already is another layer's, unless this cache has seen that Lambda gave it for this very version.
    private async Task<bool> MayBeSwappedAsync(LockEntry entry, CancellationToken cancellationToken)
    {
        var seen = await cache.TryReadMappingAsync(
            Mapping, VersionKey(entry), PublishedVersionJson.Default.PublishedVersion, cancellationToken);
        return seen is null ? File.Exists(cache.Paths.Blob(entry.Digest)) : seen.Digest != entry.Digest;
    }

    private async Task RememberAsync(LockEntry entry, CancellationToken cancellationToken) =>
        await cache.WriteMappingAsync(
            Mapping, VersionKey(entry), new PublishedVersion(entry.Digest),
            PublishedVersionJson.Default.PublishedVersion, cancellationToken);

    private static Digest VersionKey(LockEntry entry) =>
        Digest.Of(Encoding.UTF8.GetBytes($"{entry.Resolved}\n{entry.Region}\n{entry.Version}"));

    private async Task<LayerTree> OpenAsync(
        LayerItem item, LockEntry entry, ResolvedLayerVersion? found, CancellationToken cancellationToken)
    {
        if (!await cache.ContainsAsync(entry.Digest, cancellationToken))
            await FetchAsync(item, entry, found, cancellationToken);
        else if (found is null && await MayBeSwappedAsync(entry, cancellationToken))
            await AskAgainAsync(item, entry, cancellationToken);
        return ZipTree.Open(cache.Paths.Blob(entry.Digest));
    }

    private async Task FetchAsync(
        LayerItem item, LockEntry entry, ResolvedLayerVersion? found, CancellationToken cancellationToken)
    {
        offline.Demand($"the zip of {entry.Resolved} ({entry.Digest}, {entry.Size} bytes) in the cache");
        var version = found ?? await AskAgainAsync(item, entry, cancellationToken);
        var include = LayerVersionArn.Parse(item.Include);
        await downloader.FetchAsync(
            version, ResolverFor(item, include, RegionOf(item, include) ?? RegionOf(entry)), cancellationToken);
    }

    // What Lambda says about the locked version now; LLC1126 when that is not what the lock file says.
    private async Task<ResolvedLayerVersion> AskAgainAsync(LayerItem item, LockEntry entry, CancellationToken cancellationToken)
    {
        offline.Demand($"what Lambda says about {entry.Resolved} (this cache has not seen it)");
        var arn = LayerVersionArn.Parse(item.Include);
        // A layer that AWS manages has its version only in what Lambda made of its ARN.
        if (LayerVersionArn.TryParse(entry.Resolved, out var locked) && !arn.IsAwsManaged)
            arn = locked;
        var resolver = ResolverFor(item, arn, RegionOf(item, arn) ?? RegionOf(entry));
        var version = await resolver.ResolveAsync(arn, cancellationToken);
        if (version.Digest != entry.Digest)
            throw LambdaErrors.LayerChanged(entry.Resolved, entry.Digest.ToString(), version.Digest.ToString());
        await RememberAsync(entry, cancellationToken);
        return version;
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

/// <summary>What the cache remembers of a version that Lambda was asked about: a version never changes.</summary>
/// <param name="Digest">SHA-256 of its zip.</param>
internal sealed record PublishedVersion(Digest Digest);

/// <summary>How the cache spells it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter)])]
[JsonSerializable(typeof(PublishedVersion))]
internal sealed partial class PublishedVersionJson : JsonSerializerContext;
