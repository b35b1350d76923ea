namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// One file, folder or link of a layer: as its source holds it in a <see cref="LayerTree"/>; after
/// <see cref="LayerPlacement"/> at its place in the image; in the tar with mode and time that hold there.
/// </summary>
/// <param name="Path">
/// Relative to the layer's root, once placed to the image's root; <c>/</c> between segments, no leading or trailing
/// slash; already checked to stay inside.
/// </param>
internal sealed record LayerEntry(string Path, EntryKind Kind)
{
    /// <summary>Unix permission bits (with setuid and the like, if the source had them); null when it has none.</summary>
    public int? Mode { get; init; }

    /// <summary>Modification time, UTC, whole seconds; null for the default.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Uncompressed length of a file in bytes; 0 for everything else.</summary>
    public long Size { get; init; }

    /// <summary>Target of a symbolic link as written, or path (as <see cref="Path"/>) of the file that a hard link names.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Opens the file's bytes; may be called again. Throws LLC3xxx when size or CRC lie.</summary>
    public Func<Stream>? Open { get; init; }

    /// <summary>The same bytes as deflate data, where the source has them so; null otherwise.</summary>
    public DeflatedContent? Deflated { get; init; }

    /// <summary>A placed entry's path as users write it.</summary>
    public string ImagePath => "/" + Path;
}

/// <summary>What a layer entry is; devices, FIFOs and sockets are refused before they get here.</summary>
internal enum EntryKind
{
    File,
    Directory,
    SymbolicLink,

    /// <summary>Another name of a file of the same layer; only images have these.</summary>
    HardLink,
}

/// <summary>A file's content as the raw deflate stream (RFC 1951) that its source holds.</summary>
/// <param name="Size">Bytes of the stream.</param>
/// <param name="Open">Opens the stream; may be called again, also while another one is being read.</param>
internal sealed record DeflatedContent(long Size, Func<Stream> Open);
