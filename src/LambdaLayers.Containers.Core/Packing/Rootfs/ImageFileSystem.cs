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

    private readonly FileNode _root = new(EntryKind.Directory);
    private readonly PathWalker _walker;

    private int _applied;

    public ImageFileSystem() => _walker = new PathWalker(_root);

    /// <summary>Entries applied and folders made for them: what the tree costs.</summary>
    public int Count => _applied + _walker.Made;

    /// <summary>Applies one entry. <see cref="InvalidDataException"/> for what no engine could unpack.</summary>
    /// <param name="entry">As read from the tar.</param>
    /// <param name="layer">Index of its layer; never lower than in the call before.</param>
    /// <param name="ordinal">Index of the entry in its layer.</param>
    public void Apply(TarItem entry, int layer, int ordinal)
    {
        _applied++;
        if (entry.Name.Length > PackLimits.PathBytes)
            throw ContentErrors.PathIsTooLong(entry.Name, PackLimits.SegmentBytes, PackLimits.PathBytes);
        var segments = ImagePath.Split(entry.Name);
        if (segments.Length == 0 || IsLazyPullData(segments) || segments.Any(IsInternal))
            return;
        var (parents, name) = (segments[..^1], segments[^1]);
        if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            // What is not there needs no hiding, so nothing is made on the way.
            if (_walker.Find(parents) is { Names: { } hidden })
                Hide(hidden, name, layer);
            return;
        }

        var folder = _walker.FindOrMake(parents, layer).Names!;
        var known = folder.TryGetValue(name, out var before) ? before.Node : null;
        if (entry.Type == TarItem.Folder && known is { Kind: EntryKind.Directory })
            (known.Mode, known.UnixTime) = (entry.Mode, entry.UnixTime);
        else
            known = NodeOf(entry, new FileContent(layer, ordinal, entry.Size));
        folder[name] = new FileName(known, layer);
    }

    /// <summary>What is at an absolute path, symbolic links followed; null when nothing is.</summary>
    public FileNode? Find(string path) => _walker.Find(ImagePath.Split(path));

    // https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md: in the root of a layer, never of an image.
    private static bool IsLazyPullData(string[] segments) =>
        segments is ["stargz.index.json" or ".prefetch.landmark" or ".no.prefetch.landmark"];

    // Left over from AUFS, where these kept its own accounts.
    private static bool IsInternal(string segment) =>
        segment.StartsWith(Internal, StringComparison.Ordinal) && segment != Opaque;

    private FileNode NodeOf(TarItem entry, FileContent content) => entry.Type switch
    {
        _ when entry.IsSparse => Refused(entry, ContentErrors.EntryIsSparse),
        TarItem.File => new FileNode(EntryKind.File) { Content = content, Mode = entry.Mode, UnixTime = entry.UnixTime },
        TarItem.Folder or 'D' => new FileNode(EntryKind.Directory) { Mode = entry.Mode, UnixTime = entry.UnixTime },
        TarItem.SymbolicLink => new FileNode(EntryKind.SymbolicLink) { Target = entry.LinkName, UnixTime = entry.UnixTime },
        TarItem.HardLink => Linked(entry),
        TarItem.CharacterDevice => Special(entry, "character device"),
        TarItem.BlockDevice => Special(entry, "block device"),
        TarItem.Fifo => Special(entry, "FIFO"),
        _ => Special(entry, $"tar entry of the unknown type '{entry.Type}'"),
    };

    // Engines link without following a symbolic link in the last place.
    private FileNode Linked(TarItem entry)
    {
        var segments = ImagePath.Split(entry.LinkName);
        var found = segments.Length > 0 && _walker.Find(segments[..^1]) is { Names: { } names }
            && names.TryGetValue(segments[^1], out var target)
            && target.Node.Kind != EntryKind.Directory ? target.Node : null;
        return found ?? Refused(entry, name => ContentErrors.HardLinkWithoutFile(name, entry.LinkName));
    }

    private static FileNode Special(TarItem entry, string kind) =>
        Refused(entry, name => ContentErrors.EntryIsSpecial(name, kind));

    private static FileNode Refused(TarItem entry, Func<string, LayersException> refusal) =>
        new(EntryKind.File) { Refusal = refusal, Mode = entry.Mode, UnixTime = entry.UnixTime };

    private static void Hide(Dictionary<string, FileName> names, string whiteout, int layer)
    {
        if (whiteout == Opaque)
        {
            HideLower(names, layer);
            return;
        }

        var name = whiteout[Whiteout.Length..];
        if (name is "" or "." or "..")
            throw new InvalidDataException("a whiteout names no file");
        if (names.TryGetValue(name, out var hidden) && !Remains(hidden, layer))
            names.Remove(name);
    }

    private static void HideLower(Dictionary<string, FileName> names, int layer)
    {
        foreach (var (name, hidden) in names)
        {
            if (!Remains(hidden, layer))
                names.Remove(name);
        }
    }

    // A folder that the layer itself brings, or brings something into, stays with that; its older content goes.
    private static bool Remains(FileName name, int layer)
    {
        if (name.Node.Names is not { } inside)
            return name.Layer == layer;
        HideLower(inside, layer);
        return name.Layer == layer || inside.Count > 0;
    }
}
