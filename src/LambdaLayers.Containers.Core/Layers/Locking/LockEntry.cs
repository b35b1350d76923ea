using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

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
    public IReadOnlyList<LockedLayer> Packed { get; init; } = [];

    public LockKey Key() => new(Kind, Include);

    /// <summary>
    /// What in the entry cannot be of its Include: a lock file that anyone may propose a change to must not put another
    /// layer or image in the place of the one that the project names. Null when nothing is.
    /// </summary>
    public string? FindContradiction() => Kind switch
    {
        LockKind.Arn => FindArnContradiction(),
        LockKind.Url => FindUrlContradiction(),
        _ => FindImageContradiction(),
    };

    private string? FindArnContradiction()
    {
        if (!LayerVersionArn.TryParse(Include, out var asked) || !LayerVersionArn.TryParse(Resolved, out var resolved))
            return $"'{DisplayText.Name(Resolved)}' or the Include is not the ARN of a layer";
        // Only AWS knows which layer it means; it is fetched by its own ARN again, never by the resolved one.
        if (asked.IsAwsManaged)
            return null;
        if (resolved.LayerArn != asked.LayerArn)
            return $"resolved is the layer '{DisplayText.Name(resolved.ToString())}'";
        return resolved.Version is null || (asked.Version is not null && resolved.Version != asked.Version)
            ? $"resolved is not that version but '{DisplayText.Name(resolved.ToString())}'"
            : null;
    }

    private string? FindImageContradiction()
    {
        if (!ImageReference.TryParse(Include, out var asked) || !ImageReference.TryParse(Resolved, out var resolved))
            return $"'{DisplayText.Name(Resolved)}' or the Include is not the name of an image";
        if (resolved.Name != asked.Name || resolved.Tag != asked.Tag)
            return $"resolved is the image '{DisplayText.Name(resolved.ToString())}'";
        if (resolved.Digest != Digest)
            return $"resolved is '{DisplayText.Name(resolved.ToString())}', but digest is {Digest}";
        return asked.Digest is null || asked.Digest == Digest ? null : $"digest is {Digest}";
    }

    // Addresses that differ only in what may be secret have the beginning of their digest behind '#'.
    private string? FindUrlContradiction()
    {
        if (Include == Resolved)
            return null;
        return Include.StartsWith(Resolved + "#", StringComparison.Ordinal)
            && Digest.Hex.StartsWith(Include[(Resolved.Length + 1)..], StringComparison.Ordinal)
            ? null
            : $"resolved is '{DisplayText.Name(Resolved)}' with digest {Digest}";
    }
}

/// <summary>Names one entry of the lock file.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Include">As the project spells it, without anything secret (no query strings).</param>
internal sealed record LockKey(LockKind Kind, string Include);

/// <summary>What an entry of the lock file is about; the names are written into the file.</summary>
internal enum LockKind
{
    /// <summary>A published Lambda layer.</summary>
    Arn,

    /// <summary>The base image that the layers go on top of.</summary>
    Base,

    /// <summary>A layer out of a container image.</summary>
    Image,

    /// <summary>A zip behind an https address.</summary>
    Url,
}
