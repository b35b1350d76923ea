namespace LambdaLayers.Containers.Core.Packing;

/// <summary>One file, folder or link as its source holds it, before the rules for layer blobs are applied.</summary>
/// <param name="Path">
/// Relative to the layer's root, <c>/</c> between segments, no leading or trailing slash; already checked to stay inside.
/// </param>
internal sealed record LayerEntry(string Path, EntryKind Kind)
{
    /// <summary>Unix permission bits (with setuid and the like, if the source had them); null when it has none.</summary>
    public int? Mode { get; init; }

    /// <summary>Modification time, UTC, whole seconds; null for the default.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Uncompressed length of a file; 0 for everything else.</summary>
    public long Size { get; init; }

    /// <summary>Target of a symbolic link as written, or layer path of the file that a hard link names.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Opens the file's bytes; may be called again. Throws LLC3xxx when size or CRC lie.</summary>
    public Func<Stream>? Open { get; init; }
}
