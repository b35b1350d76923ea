using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Makes image layers of items: several at once, given back in the order of the items.</summary>
internal sealed class PrepareLayers(
    IReadOnlyList<ILayerSource> sources, PackLayer packLayer, PackOptions defaults, IEngineLog log)
{
    /// <summary>The layers for one platform; items for another architecture are left out.</summary>
    public async Task<IReadOnlyList<Layer>> RunAsync(
        IReadOnlyList<LayerItem> items, Platform platform, CancellationToken cancellationToken)
    {
        var wanted = items.Where(i => i.IsFor(platform)).ToList();
        var layers = new Layer[wanted.Count];
        var context = new ResolveContext(platform, log);
        await Parallel.ForEachAsync(Enumerable.Range(0, wanted.Count), cancellationToken,
            async (i, token) => layers[i] = await PrepareAsync(wanted[i], context, token));
        // After all of them, so that their order does not depend on which was ready first.
        foreach (var layer in layers)
        {
            foreach (var warning in layer.Packed.Facts.Warnings)
                log.Warning(warning with { Item = layer.Item.Origin });
        }

        return layers;
    }

    private async Task<Layer> PrepareAsync(LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        try
        {
            var source = sources.FirstOrDefault(s => s.Kind == item.Kind)
                ?? throw ItemErrors.UnknownInclude(item.Include);
            var resolved = await source.ResolveAsync(item, context, cancellationToken);
            var options = defaults with { TargetPath = item.TargetPath };
            return await packLayer.RunAsync(resolved, options, cancellationToken);
        }
        catch (LayersException e)
        {
            throw e.For(item.Origin);
        }
    }
}
