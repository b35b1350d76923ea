namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// How much of a layer is taken, so that a hostile one cannot fill memory or disk. Compression ratios need no limit:
/// no entry may inflate to more than it declares, and what all declare together is limited here.
/// </summary>
internal sealed record PackLimits
{
    public static readonly PackLimits Default = new();

    /// <summary>Entries of all kinds. The largest layers seen have some 50,000; each costs about 300 bytes of memory.</summary>
    public int Entries { get; init; } = 500_000;

    /// <summary>Sum of file lengths in bytes: Lambda's limit for a whole image, uncompressed, 10 GB
    /// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).</summary>
    public long UncompressedSize { get; init; } = 10L << 30;

    /// <summary>NAME_MAX of Linux's filesystems: bytes of UTF-8 in one segment of a name.</summary>
    public const int SegmentBytes = 255;

    /// <summary>PATH_MAX of Linux, without the closing NUL: bytes of UTF-8 in a path or a link's target.</summary>
    public const int PathBytes = 4095;

    /// <summary>Throws LLC3070 or LLC3071 when the entries are too many or too much.</summary>
    public void Check(IReadOnlyCollection<LayerEntry> entries)
    {
        CheckCount(entries.Count);
        var total = 0L;
        foreach (var entry in entries)
            total = Add(total, entry.Size);
    }

    /// <summary>Throws LLC3070 when there are too many entries.</summary>
    public void CheckCount(long count)
    {
        if (count > Entries)
            throw Diagnostics.ContentErrors.TooManyEntries(count, Entries);
    }

    private long Add(long total, long size)
    {
        // Sizes are not negative here, and saturate rather than wrap.
        var sum = size > long.MaxValue - total ? long.MaxValue : total + size;
        return sum <= UncompressedSize ? sum : throw Diagnostics.ContentErrors.TooLarge(sum, UncompressedSize);
    }
}
