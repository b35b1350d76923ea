namespace LambdaLayers.Containers.Core.Content;

/// <summary>What to download, and how to know that it is the right thing.</summary>
/// <param name="Name">For progress lines; no address.</param>
/// <param name="Digest">SHA-256 that the bytes must have.</param>
/// <param name="Source">Where to get them; called again when a link has expired. The argument tells whether it must be a new one.</param>
internal sealed record DownloadRequest(string Name, Digest Digest, Func<bool, CancellationToken, Task<Uri>> Source)
{
    /// <summary>The largest image that Lambda takes, for sources that do not tell their size.</summary>
    public const long LargestImage = 10L << 30;

    /// <summary>Exact size in bytes if it is known beforehand.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes after which a download of unknown size is given up.</summary>
    public long MaximumSize { get; init; } = LargestImage;

    /// <summary>Whether a refusal may just mean that the link is too old, so that a fresh one is worth a try.</summary>
    public bool LinksExpire { get; init; }
}
