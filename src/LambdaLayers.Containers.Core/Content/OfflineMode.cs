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
            throw ItemErrors.OfflineMissing([missing]);
    }
}
