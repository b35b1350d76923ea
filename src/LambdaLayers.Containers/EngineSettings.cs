using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers;

/// <summary>From task parameters to the engine's options.</summary>
internal static class EngineSettings
{
    public static EngineOptions Read(string cacheDirectory, string compression, string projectDirectory)
    {
        var cache = cacheDirectory.Length == 0
            ? CachePaths.DefaultRoot(Environment.GetEnvironmentVariable)
            : Path.GetFullPath(Path.Combine(projectDirectory, cacheDirectory));
        return new EngineOptions(cache, Environment.GetEnvironmentVariable)
        {
            Compression = Compression.Parse(compression),
        };
    }
}
