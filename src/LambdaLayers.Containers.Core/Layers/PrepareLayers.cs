using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Makes image layers of items: several at once, given back in the order of the items.</summary>
internal sealed class PrepareLayers(
    IReadOnlyList<ILayerSource> sources, ReuseBlobs reuseBlobs, PackLayer packLayer, PackOptions defaults, LockFile lockFile,
        IEngineLog log)
{
    // Layers mostly wait for the network, so more at once than a small machine has cores; a packer takes some megabytes.
    private const int AtOnce = 4;

    /// <summary>Spares the questions that another engine of the same build has asked ahead.</summary>
    public void Learn(PrefetchedLayers ahead) => lockFile.Learn(ahead.Found);

    /// <summary>The layers for one platform; items for another architecture are left out.</summary>
    public async Task<IReadOnlyList<Layer>> RunAsync(
        IReadOnlyList<LayerItem> items, Platform platform, CancellationToken cancellationToken) =>
        await RunAsync(items, new ResolveContext(platform, log), cancellationToken);

    /// <summary>The same, for callers that look up tags and open versions anew.</summary>
    public async Task<IReadOnlyList<Layer>> RunAsync(
        IReadOnlyList<LayerItem> items, ResolveContext context, CancellationToken cancellationToken)
    {
        RemoteItems.Keep(lockFile, items);
        lockFile.DemandKnown([.. items.Select(RemoteItems.KeyOf).OfType<LockKey>()]);
        var wanted = items.Where(i => i.IsFor(context.Platform)).ToList();
        var prepared = new IReadOnlyList<Layer>[wanted.Count];
        var gaps = new OfflineGaps();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, wanted.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => await gaps.TryAsync(async () => prepared[i] =
                await wanted[i].Origin.AttributeAsync(() => PrepareAsync(wanted[i], context, token))));
        gaps.ThrowIfAny();
        var layers = prepared.SelectMany(l => l).ToList();
        // After all of them, so that their order does not depend on which was ready first.
        foreach (var layer in layers)
        {
            foreach (var warning in layer.Facts.Warnings)
                log.Warning(warning with { Item = layer.Origin.Item });
        }

        return layers;
    }

    /// <summary>
    /// Makes the layers that only the lock file describes. One error names everything that an offline build lacks for it.
    /// </summary>
    public static async Task MakeAsync(IEnumerable<Layer> layers, CancellationToken cancellationToken)
    {
        var gaps = new OfflineGaps();
        await Parallel.ForEachAsync(
            layers.Where(l => l.IsLazy).DistinctBy(l => l.Digest),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (layer, token) => await gaps.TryAsync(async () =>
            {
                await using var blob = await layer.OpenCompressedAsync(token);
            }));
        gaps.ThrowIfAny();
    }

    // One layer, or several of an image that can be used as they are.
    private async Task<IReadOnlyList<Layer>> PrepareAsync(LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var source = sources.First(s => s.Kind == item.Kind);
        var resolved = await source.ResolveAsync(item, context, cancellationToken) with
        {
            IsRefreshed = context.Refresh,
        };
        var options = OptionsFor(item);
        // What the lock file says it packs to was packed because its blobs would not do.
        return packLayer.IsLocked(resolved, options)
            ? [await packLayer.RunAsync(resolved, options, cancellationToken)]
            : await reuseBlobs.TryRunAsync(resolved, options, cancellationToken)
                ?? [await packLayer.RunAsync(resolved, options, cancellationToken)];
    }

    // What comes from elsewhere must not depend on SOURCE_DATE_EPOCH, which is another one for each commit: the layer
    // would be a new one each time, and the lock file with it.
    private PackOptions OptionsFor(LayerItem item) => defaults with
    {
        TargetPath = item.TargetPath,
        DefaultTime = RemoteItems.KeyOf(item) is null ? defaults.DefaultTime : PackOptions.ZipEpoch,
    };
}

/// <summary>What an engine has brought into the cache ahead of a publish of the same build.</summary>
/// <param name="Packed">The layers that no earlier build had made.</param>
/// <param name="Found">What remote items led to, for <see cref="LockFile.Learn"/>.</param>
internal sealed record PrefetchedLayers(IReadOnlyList<Digest> Packed, IReadOnlyList<LockEntry> Found)
{
    public static PrefetchedLayers None { get; } = new([], []);
}
