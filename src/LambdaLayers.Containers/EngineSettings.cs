using System.Globalization;
using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

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
            CompressionLevel = ReadLevel(compression),
        };
    }

    private static int ReadLevel(string text)
    {
        const int Default = 6;
        if (text.Length == 0)
            return Default;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 9
            ? level
            : throw ItemErrors.BadCompression(text);
    }
}
