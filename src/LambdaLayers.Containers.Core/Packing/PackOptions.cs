using System.Globalization;
using LambdaLayers.Containers.Core.Diagnostics;

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

/// <summary>What LambdaLayersCompression says.</summary>
/// <param name="Level">For what has to be compressed, as gzip has them: 1 (fast) to 9 (small).</param>
/// <param name="Reuse">Whether the deflate data of zips are taken over as they are.</param>
internal sealed record Compression(int Level, bool Reuse)
{
    private const int DefaultLevel = 6;

    /// <summary>What holds where nothing is said.</summary>
    public static Compression Default { get; } = new(DefaultLevel, Reuse: true);

    /// <summary>Reads the property; empty for the default. Throws LLC2101.</summary>
    public static Compression Parse(string text) => text.ToUpperInvariant() switch
    {
        "" or "REUSE" => Default,
        "FASTEST" => new Compression(1, Reuse: true),
        "OPTIMAL" => new Compression(DefaultLevel, Reuse: false),
        "SMALLEST" => new Compression(9, Reuse: false),
        [>= '1' and <= '9' and var digit] => new Compression(digit - '0', Reuse: true),
        _ => throw Unknown(text),
    };

    private static LayersException Unknown(string text) => new(
        "LLC2101",
        $"LambdaLayersCompression is '{DisplayText.Name(text)}'. It takes Reuse, Fastest, Optimal or Smallest, or a gzip level from "
            + "1 (fast) to 9 (small) for what has to be compressed: <LambdaLayersCompression>Reuse</LambdaLayersCompression>.");

    /// <summary>Different for each setting that could give other bytes; part of cache keys.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Reuse ? "reuse" : "all")}-{Level}");
}
