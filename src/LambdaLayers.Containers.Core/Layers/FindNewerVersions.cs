using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Looks for newer versions of the layers whose version the project names.</summary>
internal sealed class FindNewerVersions(ArnLayerSource source, OfflineMode offline, IEngineLog log)
{
    /// <summary>Include to the newer version's ARN, sorted, for those that have one that can be seen.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RunAsync(
        IReadOnlyList<LayerItem> items, CancellationToken cancellationToken)
    {
        var newer = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (offline.IsOn)
            return newer;
        foreach (var item in items.Where(i => i.Kind == LayerKind.Arn).DistinctBy(i => i.Include))
        {
            if (LayerVersionArn.TryParse(item.Include, out var arn) && arn.Version is { } version
                && await NewestAsync(item, arn, cancellationToken) is { } newest && newest > version)
                newer[item.Include] = arn.WithVersion(newest).ToString();
        }

        return newer;
    }

    // Most owners do not let others list their versions, and a list is no reason for a build to fail.
    private async Task<long?> NewestAsync(LayerItem item, LayerVersionArn arn, CancellationToken cancellationToken)
    {
        try
        {
            return await source.NewestVersionAsync(item, arn, cancellationToken);
        }
        catch (LayersException e)
        {
            log.Low($"{item.Include}: {e.Diagnostic.Message}");
            return null;
        }
    }
}
