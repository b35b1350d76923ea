namespace LambdaLayers.Containers.Core.Packing;

/// <summary>What decides a layer's bytes beside the tree itself.</summary>
/// <param name="TargetPath">Absolute folder in the image, <c>/opt</c> by default, without a trailing slash.</param>
/// <param name="DefaultTime">Modification time of entries whose source has none.</param>
internal sealed record PackOptions(string TargetPath, DateTimeOffset DefaultTime)
{
    /// <summary>What is compressed anew, and how hard (LambdaLayersCompression).</summary>
    public Compression Compression { get; init; } = Compression.Default;

    /// <summary>The modification time where neither the source nor SOURCE_DATE_EPOCH has one: the zip format's first day.</summary>
    public static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
