using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>What one remote Include led to.</summary>
/// <param name="Kind">What the entry is about.</param>
/// <param name="Include">As the project spells it, without anything secret.</param>
/// <param name="Resolved">What it stands for, for people and for fetching it again: a versioned ARN, an image's digest reference.</param>
/// <param name="Digest">SHA-256 of the zip; of an image the digest of its manifest or index.</param>
internal sealed record LockEntry(LockKind Kind, string Include, string Resolved, Digest Digest)
{
    /// <summary>Bytes of the zip, where the source says so beforehand.</summary>
    public long? Size { get; init; }

    /// <summary>The AWS region that resolved an ARN without one.</summary>
    public string? Region { get; init; }

    /// <summary>The version of a layer whose ARN has no place for it.</summary>
    public long? Version { get; init; }

    /// <summary>As the publisher of a layer names them (<c>x86_64</c>, <c>arm64</c>); empty when not told.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>As the publisher of a layer names them (<c>dotnet8</c>); empty when not told.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    /// <summary>Of an image: platform (<c>linux/arm64</c>) to the digest of its manifest.</summary>
    public IReadOnlyDictionary<string, Digest> Platforms { get; init; } = new SortedDictionary<string, Digest>();

    /// <summary>What the source packs to.</summary>
    public IReadOnlyList<LockedPack> Packed { get; init; } = [];

    public LockKey Key() => new(Kind, Include);
}
