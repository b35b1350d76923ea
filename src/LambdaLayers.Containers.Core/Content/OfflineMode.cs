using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>Whether the network may be used (LambdaLayersOffline). Everything that wants to asks here first.</summary>
internal sealed class OfflineMode(bool isOn)
{
    public bool IsOn => isOn;

    /// <summary>Throws LLC2210 in an offline build.</summary>
    /// <param name="missing">What the network is wanted for, as it goes into the list of what is missing.</param>
    public void Demand(string missing)
    {
        if (isOn)
            throw new OfflineException([missing]);
    }
}

/// <summary>LLC2210: what an offline build lacks.</summary>
/// <param name="missing">Each in a few words.</param>
internal sealed class OfflineException(IReadOnlyList<string> missing) : LayersException(
    "LLC2210",
    "LambdaLayersOffline forbids the network, and this is missing: " + string.Join("; ", missing)
    + ". Run the target RestoreLambdaLayers once with the network (dotnet msbuild -t:RestoreLambdaLayers), keep "
    + "LambdaLayersCacheDirectory and the lock file, and build again.")
{
    public IReadOnlyList<string> Missing => missing;
}

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
        catch (OfflineException e)
        {
            lock (_gate)
            {
                _missing.UnionWith(e.Missing);
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
                throw new OfflineException([.. _missing]);
        }
    }
}
