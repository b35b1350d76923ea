using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Makes the layers that the lock file describes but that are not here, unless the destination has them. Before the
/// hand-off, so that a failure is an error of ours, with its item and what to do; the SDK would only say that a blob of
/// the base image cannot be read.
/// </summary>
internal sealed class MaterialiseLayers(ImageDestination destination, IEngineLog log)
{
    // Most of the time goes into waiting for the network.
    private const int AtOnce = 4;

    /// <summary>Returns once every layer is in the cache or at the destination.</summary>
    public async Task RunAsync(IEnumerable<Layer> layers, CancellationToken cancellationToken)
    {
        var lazy = layers.Where(l => l.IsLazy).DistinctBy(l => l.Digest).ToList();
        var gaps = new OfflineGaps();
        await Parallel.ForEachAsync(
            lazy,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (layer, token) => await gaps.TryAsync(() => MaterialiseAsync(layer, token)));
        gaps.ThrowIfAny();
    }

    private async Task MaterialiseAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (await destination.HasAsync(layer.Digest, cancellationToken))
        {
            log.Normal($"{layer.Origin.Source} is at the destination already; nothing is fetched.");
            return;
        }

        await using var content = await layer.OpenCompressedAsync(cancellationToken);
    }
}
