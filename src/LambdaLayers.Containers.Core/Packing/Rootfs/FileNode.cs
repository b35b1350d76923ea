using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>An inode of an image's filesystem; hard links are one node under several names.</summary>
/// <param name="kind">File, folder or symbolic link; special files are files with a <see cref="Refusal"/>.</param>
internal sealed class FileNode(EntryKind kind)
{
    private static readonly Dictionary<string, DirectoryEntry> Nothing = [];

    private Dictionary<string, DirectoryEntry>? _entries;

    public EntryKind Kind { get; } = kind;

    /// <summary>Permission bits; null for a folder that no layer describes.</summary>
    public int? Mode { get; set; }

    /// <summary>Modification time in seconds since 1970; null as for <see cref="Mode"/>.</summary>
    public long? UnixTime { get; set; }

    /// <summary>Of a symbolic link, as written.</summary>
    public string Target { get; init; } = "";

    /// <summary>Where a file's content is.</summary>
    public FileContent? Content { get; init; }

    /// <summary>Set on what no layer may hold: says why, given the name. It only matters when the layer wants it.</summary>
    public Func<string, LayersException>? Refusal { get; init; }

    /// <summary>The last layer that hid what layers below it have in this folder; -1 for none.</summary>
    public int HiddenBelow { get; set; } = -1;

    public bool IsFolder => Kind == EntryKind.Directory;

    /// <summary>What a folder holds, by name.</summary>
    public IReadOnlyDictionary<string, DirectoryEntry> Entries => _entries ?? Nothing;

    /// <summary>What the folder has under a name; null for nothing.</summary>
    public FileNode? Find(string name) =>
        _entries is not null && _entries.TryGetValue(name, out var entry) ? entry.Node : null;

    /// <summary>Puts a node under a name in the folder, in place of what was there.</summary>
    public void Set(string name, FileNode node, int layer) =>
        (_entries ??= new Dictionary<string, DirectoryEntry>(StringComparer.Ordinal))[name] = new DirectoryEntry(node, layer);

    /// <summary>Takes a name out of the folder.</summary>
    public void Remove(string name) => _entries?.Remove(name);
}

/// <summary>What a folder has under one name.</summary>
/// <param name="Node">What it names.</param>
/// <param name="Layer">The last layer that wrote it; whiteouts only hide what layers below wrote.</param>
internal readonly record struct DirectoryEntry(FileNode Node, int Layer);

/// <summary>The bytes of one file of an image: an entry of a layer's tar.</summary>
/// <param name="Layer">Index of the layer, bottom first.</param>
/// <param name="Ordinal">Index of the entry among the layer's entries.</param>
/// <param name="Size">Length in bytes.</param>
internal sealed record FileContent(int Layer, int Ordinal, long Size);
