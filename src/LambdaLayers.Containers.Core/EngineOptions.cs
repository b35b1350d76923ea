using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core;

/// <summary>What a build may set of the engine itself.</summary>
/// <param name="CacheDirectory">Absolute path of LambdaLayersCacheDirectory.</param>
/// <param name="Environment">Reads an environment variable; null when it is not set.</param>
internal sealed record EngineOptions(string CacheDirectory, Func<string, string?> Environment)
{
    /// <summary>gzip level, 1 to 9 (LambdaLayersCompression).</summary>
    public int CompressionLevel { get; init; } = 6;

    /// <summary>
    /// Modification time of files whose source has none: SOURCE_DATE_EPOCH
    /// (https://reproducible-builds.org/specs/source-date-epoch/), else 1980-01-01.
    /// </summary>
    public DateTimeOffset DefaultTime =>
        long.TryParse(Environment("SOURCE_DATE_EPOCH"), out var seconds) && seconds >= 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : PackOptions.ZipEpoch;
}
