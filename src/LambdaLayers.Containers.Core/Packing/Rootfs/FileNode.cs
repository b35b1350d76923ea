using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>An inode of an image's filesystem; hard links are one node under several names.</summary>
/// <param name="kind">File, folder or symbolic link; special files are files with a <see cref="Refusal"/>.</param>
internal sealed class FileNode(EntryKind kind)
{
    public EntryKind Kind { get; } = kind;

    /// <summary>Permission bits; null for a folder that no layer describes.</summary>
    public int? Mode { get; set; }

    /// <summary>Modification time in seconds since 1970; null as for <see cref="Mode"/>.</summary>
    public long? UnixTime { get; set; }

    /// <summary>Of a symbolic link, as written.</summary>
    public string Target { get; init; } = "";

    /// <summary>Where a file's content is.</summary>
    public FileContent? Content { get; init; }

    /// <summary>Names in a folder.</summary>
    public Dictionary<string, FileName>? Names { get; } =
        kind == EntryKind.Directory ? new Dictionary<string, FileName>(StringComparer.Ordinal) : null;

    /// <summary>Set on what no layer may hold: says why, given the name. It only matters when the layer wants it.</summary>
    public Func<string, LayersException>? Refusal { get; init; }
}
