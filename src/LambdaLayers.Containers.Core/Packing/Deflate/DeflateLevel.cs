namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>How much work the encoder puts into finding matches. The bytes depend on it.</summary>
/// <param name="Depth">Earlier places with the same hash that are compared with the current one.</param>
/// <param name="Nice">A match of this length is taken without a look at the next byte.</param>
/// <param name="Lazy">How many bytes further a better match is looked for before one is taken.</param>
/// <param name="Threes">Whether matches of three bytes are looked for.</param>
internal sealed record DeflateLevel(int Depth, int Nice, int Lazy, bool Threes)
{
    private static readonly DeflateLevel[] All =
    [
        new(1, 32, 0, false),
        new(3, 32, 0, false),
        new(6, 48, 0, false),
        new(6, 48, 1, false),
        new(8, 64, 1, false),
        new(12, 96, 1, false),
        new(32, 130, 1, true),
        new(100, 258, 2, true),
        new(400, 258, 2, true),
    ];

    /// <summary>The level of a number as gzip has them, 1 (fast) to 9 (small).</summary>
    public static DeflateLevel Of(int number) => All[number - 1];
}
