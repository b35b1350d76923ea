using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>
/// The tree of names that an image's layers add up to, bottom first, by the rules of
/// https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets and as container engines apply
/// them: names are taken from the image's root however they begin, and folders that are symbolic links are followed
/// inside the image.
/// </summary>
internal sealed class ImageFileSystem
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";
    private const string Internal = ".wh..wh.";
    private const int ShownTarget = 200;

    private readonly FileNode _root = new(EntryKind.Directory);
    private readonly ImageBudget _budget;
    private readonly PathWalker _walker;

    public ImageFileSystem(Limits limits)
    {
        _budget = new ImageBudget(limits);
        _walker = new PathWalker(_root, _budget);
    }

    /// <summary>
    /// Applies one entry. <see cref="InvalidDataException"/> for what no engine could unpack, LLC3056 for a name that Linux
    /// cannot hold, LLC3205 when the image is too large.
    /// </summary>
    /// <param name="entry">As read from the tar.</param>
    /// <param name="layer">Index of its layer; never lower than in the call before.</param>
    /// <param name="ordinal">Index of the entry in its layer.</param>
    public void Apply(TarItem entry, int layer, int ordinal)
    {
        _budget.AddEntry();
        var segments = SegmentsOf(entry.Name);
        if (segments.Length == 0 || IsLazyPullData(segments) || Array.Exists(segments, IsInternal))
            return;
        var parents = segments.AsSpan(..^1);
        var name = segments[^1];
        if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            // What is not there needs no hiding, so nothing is made on the way.
            if (_walker.Find(parents) is { IsFolder: true } hidden)
                Hide(hidden, name, layer);
            return;
        }

        var folder = _walker.FindOrMake(parents, layer);
        var known = folder.Find(name);
        if (known is null)
            _budget.AddName(name);
        if (entry.Type == TarItem.Folder && known is { IsFolder: true })
            (known.Mode, known.UnixTime) = (entry.Mode, entry.UnixTime);
        else
            known = NodeOf(entry, new FileContent(layer, ordinal, entry.Size));
        folder.Set(name, known, layer);
    }

    /// <summary>What is at an absolute path, symbolic links followed; null when nothing is.</summary>
    public FileNode? Find(string path) => _walker.Find(PathWalker.Split(path));

    private static string[] SegmentsOf(string name)
    {
        var segments = IsLonger(name, Limits.PathBytes) ? null : PathWalker.Split(name);
        return segments is null || Array.Exists(segments, s => IsLonger(s, Limits.SegmentBytes))
            ? throw PackingErrors.PathIsTooLong(name, Limits.SegmentBytes, Limits.PathBytes)
            : segments;
    }

    private static bool IsLonger(string text, int limit) => text.Length > limit / 3 && Encoding.UTF8.GetByteCount(text) > limit;

    // https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md: in the root of a layer, never of an image.
    private static bool IsLazyPullData(string[] segments) =>
        segments is ["stargz.index.json" or ".prefetch.landmark" or ".no.prefetch.landmark"];

    // Left over from AUFS, where these kept its own accounts.
    private static bool IsInternal(string segment) =>
        segment.StartsWith(Internal, StringComparison.Ordinal) && segment != Opaque;

    private FileNode NodeOf(TarItem entry, FileContent content) => entry.Type switch
    {
        _ when entry.IsSparse => Refused(entry, RootfsErrors.EntryIsSparse),
        TarItem.File => new FileNode(EntryKind.File) { Content = content, Mode = entry.Mode, UnixTime = entry.UnixTime },
        TarItem.Folder or 'D' => new FileNode(EntryKind.Directory) { Mode = entry.Mode, UnixTime = entry.UnixTime },
        TarItem.SymbolicLink => SymbolicLink(entry),
        TarItem.HardLink => Linked(entry),
        TarItem.CharacterDevice => Special(entry, "character device"),
        TarItem.BlockDevice => Special(entry, "block device"),
        TarItem.Fifo => Special(entry, "FIFO"),
        _ => Special(entry, $"tar entry of the unknown type '{entry.Type}'"),
    };

    // A target that Linux cannot hold leads nowhere, and is not kept.
    private FileNode SymbolicLink(TarItem entry)
    {
        if (IsLonger(entry.LinkName, Limits.PathBytes))
            return Refused(entry, PackingErrors.LinkTargetIsInvalid);
        _budget.AddName(entry.LinkName);
        return new FileNode(EntryKind.SymbolicLink) { Target = entry.LinkName, UnixTime = entry.UnixTime };
    }

    // Engines link without following a symbolic link in the last place.
    private FileNode Linked(TarItem entry)
    {
        var segments = IsLonger(entry.LinkName, Limits.PathBytes) ? [] : PathWalker.Split(entry.LinkName);
        var found = segments.Length > 0 && _walker.Find(segments.AsSpan(..^1)) is { IsFolder: true } folder
            ? folder.Find(segments[^1])
            : null;
        if (found is { IsFolder: false })
            return found;
        var target = entry.LinkName.Length > ShownTarget ? entry.LinkName[..ShownTarget] : entry.LinkName;
        _budget.AddName(target);
        return Refused(entry, name => PackingErrors.HardLinkWithoutFile(name, target));
    }

    private static FileNode Special(TarItem entry, string kind) =>
        Refused(entry, name => PackingErrors.EntryIsSpecial(name, kind));

    private static FileNode Refused(TarItem entry, Func<string, LayersException> refusal) =>
        new(EntryKind.File) { Refusal = refusal, Mode = entry.Mode, UnixTime = entry.UnixTime };

    private void Hide(FileNode folder, string whiteout, int layer)
    {
        if (whiteout == Opaque)
        {
            HideLower(folder, layer);
            return;
        }

        var name = whiteout[Whiteout.Length..];
        if (name is "" or "." or "..")
            throw new InvalidDataException("a whiteout names no file");
        if (folder.Entries.TryGetValue(name, out var hidden) && !Remains(hidden, layer))
            folder.Remove(name);
    }

    // Once for each folder and layer: what the layer brings afterwards is its own.
    private void HideLower(FileNode folder, int layer)
    {
        if (folder.HiddenBelow == layer)
            return;
        folder.HiddenBelow = layer;
        _budget.AddSteps(folder.Entries.Count);
        foreach (var (name, hidden) in folder.Entries)
        {
            if (!Remains(hidden, layer))
                folder.Remove(name);
        }
    }

    // A folder that the layer itself brings, or brings something into, stays with that; its older content goes.
    private bool Remains(DirectoryEntry entry, int layer)
    {
        if (!entry.Node.IsFolder)
            return entry.Layer == layer;
        HideLower(entry.Node, layer);
        return entry.Layer == layer || entry.Node.Entries.Count > 0;
    }
}
