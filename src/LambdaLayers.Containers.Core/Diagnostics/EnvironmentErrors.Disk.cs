namespace LambdaLayers.Containers.Core.Diagnostics;

/// <summary>LLC5010: disks.</summary>
internal static partial class EnvironmentErrors
{
    public static LayersException DiskFull(string folder, Exception inner) => Error("LLC5010",
        $"There is no space left for {folder}. Free some, run the target CleanLambdaLayersCache, or move the cache: "
        + "<LambdaLayersCacheDirectory>/path/with/space</LambdaLayersCacheDirectory>.", inner);
}
