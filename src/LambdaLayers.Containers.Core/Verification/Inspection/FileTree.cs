using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Rootfs;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Verification.Inspection;

/// <summary>
/// The files that an image's layers add up to, whiteouts applied and symbolic links followed inside the image.
/// </summary>
internal sealed class FileTree
{
    private readonly ImageFileSystem _files = new(Limits.Default);
    private readonly List<LayerContent?> _layers = [];
    private readonly Dictionary<FileContent, byte[]?> _read = [];
    private readonly Func<int, int, CancellationToken, Task<byte[]?>> _readAsync;

    private HashSet<string>? _names;

    /// <param name="readAsync">Reads an entry's content, by index of layer and entry; null when it is not at
    /// hand.</param>
    public FileTree(Func<int, int, CancellationToken, Task<byte[]?>> readAsync) => _readAsync = readAsync;

    /// <summary>
    /// Puts the next layer on top; one that is not known adds nothing. Gives what unpackers would stop at, or null.
    /// </summary>
    public string? Add(LayerContent? layer)
    {
        var index = _layers.Count;
        _layers.Add(layer);
        try
        {
            for (var i = 0; i < (layer?.Entries.Count ?? 0); i++)
            {
                var entry = layer!.Entries[i];
                _files.Apply(
                    new TarItem(entry.Type, entry.Name)
                    {
                        LinkName = entry.Link ?? "",
                        Mode = entry.Mode,
                        Size = entry.Size
                    },
                    index, i);
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException or LayersException)
        {
            return e.Message;
        }
    }

    /// <summary>What is at an absolute path, symbolic links followed; null when nothing is.</summary>
    public FoundFile? Find(string path)
    {
        var normal = Normalize(path);
        return _files.Find(normal) is { } node ? Describe(normal, node) : null;
    }

    /// <summary>What is at an absolute path itself, a symbolic link for one; null when nothing is.</summary>
    public FoundFile? FindItself(string path)
    {
        var normal = Normalize(path);
        var slash = normal.LastIndexOf('/');
        return slash >= 0 && _files.Find(normal[..slash]) is { IsFolder: true } folder
            && folder.Entries.TryGetValue(normal[(slash + 1)..], out var entry)
            ? Describe(normal, entry.Node, entry.Layer)
            : null;
    }

    /// <summary>
    /// The path that a symbolic link in the last place leads to in the end; the path itself for anything else.
    /// </summary>
    public string Resolve(string path)
    {
        const int MaximumLinks = 40; // as Linux
        var at = Normalize(path);
        for (var links = 0; links < MaximumLinks && FindItself(at) is { IsLink: true } link; links++)
            at = Normalize(link.Node.Target.StartsWith('/') ? link.Node.Target
                : $"{at[..at.LastIndexOf('/')]}/{link.Node.Target}");
        return at;
    }

    /// <summary>What lies directly in a folder, sorted by name; empty when there is none.</summary>
    public IEnumerable<FoundFile> In(string folder)
    {
        var normal = Normalize(folder);
        return _files.Find(normal) is { IsFolder: true } node
            ? node.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => Describe($"{normal}/{e.Key}",
            e.Value.Node, e.Value.Layer))
            : [];
    }

    /// <summary>Everything below a folder, folders too; symbolic links are not followed.</summary>
    public IEnumerable<FoundFile> Under(string folder)
    {
        var pending = new Stack<FoundFile>(In(folder).Reverse());
        while (pending.TryPop(out var file))
        {
            yield return file;
            if (!file.Node.IsFolder)
                continue;
            foreach (var child in In(file.Path).Reverse())
                pending.Push(child);
        }
    }

    /// <summary>Whether a file or link of this name is anywhere in the image.</summary>
    public bool HasFileNamed(string name)
    {
        _names ??= [.. _layers.SelectMany(layer => layer?.Entries
            ?? []).Select(entry => entry.Name[(entry.Name.LastIndexOf('/') + 1)..])];
        return _names.Contains(name);
    }

    /// <summary>The content of a file; null when its layer is not at hand.</summary>
    public async Task<byte[]?> ReadAsync(FoundFile file, CancellationToken cancellationToken)
    {
        if (file.Node.Content is not { } content)
            return null;
        // Rules run one after the other, and several look at the same few files.
        if (!_read.TryGetValue(content, out var bytes))
            _read[content] = bytes = await _readAsync(content.Layer, content.Ordinal, cancellationToken);
        return bytes;
    }

    /// <summary>An absolute path without <c>.</c>, <c>..</c> and doubled slashes; empty for the root.</summary>
    public static string Normalize(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("." or ".."))
                segments.Add(segment);
        }

        return segments.Count == 0 ? "" : "/" + string.Join('/', segments);
    }

    private FoundFile Describe(string path, FileNode node, int? layer = null) =>
        node.Content is { } content
            ? new FoundFile(path, node, content.Layer, _layers[content.Layer]!.Entries[content.Ordinal])
            : new FoundFile(path, node, layer, null);
}

/// <summary>A file, folder or symbolic link of an image.</summary>
/// <param name="Path">Absolute, as it was found by.</param>
/// <param name="Node">Kind, mode, and a link's target.</param>
/// <param name="Layer">Index of the layer that brought it, where that is known.</param>
/// <param name="Record">What is known of a file's content.</param>
internal sealed record FoundFile(string Path, FileNode Node, int? Layer, FileRecord? Record)
{
    public bool IsFile => Node is { Kind: EntryKind.File, Refusal: null };

    public bool IsFolder => Node.IsFolder;

    public bool IsLink => Node.Kind == EntryKind.SymbolicLink;

    /// <summary>Whether Lambda's user, who owns nothing, may read it; true where no layer says.</summary>
    public bool IsReadable => Node.Mode is not { } mode || (mode & 0b100) != 0;

    /// <summary>Whether Lambda's user may start it, or go into the folder; true where no layer says.</summary>
    public bool IsExecutable => Node.Mode is not { } mode || (mode & 0b001) != 0;

    public ElfFile? Elf => Record?.Elf;
}
