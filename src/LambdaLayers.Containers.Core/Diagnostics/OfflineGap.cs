namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>Inside LLC2210: what was missing, so that the gaps of several items can become one message.</summary>
internal sealed class OfflineGap(IReadOnlyList<string> missing) : Exception(string.Join("; ", missing))
{
    public IReadOnlyList<string> Missing => missing;
}
