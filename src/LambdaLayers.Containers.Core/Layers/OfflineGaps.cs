using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>Gathers all that an offline build lacks, so that one error names everything. Safe for concurrent use.</summary>
internal sealed class OfflineGaps
{
    private readonly System.Threading.Lock _gate = new();
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>Runs a part of the build; false when it lacked something, which is then remembered.</summary>
    public async Task<bool> TryAsync(Func<Task> part)
    {
        try
        {
            await part();
            return true;
        }
        catch (LayersException e) when (e.InnerException is OfflineGap gap)
        {
            lock (_gate)
            {
                _missing.UnionWith(gap.Missing);
            }

            return false;
        }
    }

    /// <summary>Throws LLC2210 with everything that was missing; nothing when nothing was.</summary>
    public void ThrowIfAny()
    {
        lock (_gate)
        {
            if (_missing.Count > 0)
                throw ItemErrors.OfflineMissing([.. _missing]);
        }
    }
}
