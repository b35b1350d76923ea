namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Follows paths through an image's filesystem, symbolic links too, and never leaves it: above the root is the root.</summary>
internal sealed class PathWalker(FileNode root)
{
    private const int MaximumLinks = 40; // as Linux: https://man7.org/linux/man-pages/man7/path_resolution.7.html

    // Links let a path get deeper than its length tells; real images stay below a tenth of this.
    private const int MaximumDepth = 1024;

    /// <summary>Folders made on the way so far: they cost memory, too.</summary>
    public int Made { get; private set; }

    /// <summary>What is there; null when nothing is, or links go in circles.</summary>
    public FileNode? Find(IReadOnlyList<string> segments) => Walk(segments, layer: null);

    /// <summary>
    /// The folder there; folders that are missing on the way are made, as engines do.
    /// <see cref="InvalidDataException"/> when a file is in the way, or links go in circles.
    /// </summary>
    public FileNode FindOrMake(IReadOnlyList<string> segments, int layer) =>
        Walk(segments, layer) is { Kind: EntryKind.Directory } folder
            ? folder
            : throw new InvalidDataException($"it puts a file below '/{string.Join('/', segments)}', which is no folder");

    private FileNode? Walk(IReadOnlyList<string> segments, int? layer)
    {
        var chain = new List<FileNode> { root };
        var pending = new Stack<string>(segments.Reverse());
        var links = 0;
        while (pending.TryPop(out var segment))
        {
            if (segment == "..")
            {
                if (chain.Count > 1)
                    chain.RemoveAt(chain.Count - 1);
                continue;
            }

            if (chain.Count > MaximumDepth || Step(chain[^1], segment, layer) is not { } node)
                return null;
            if (node.Kind != EntryKind.SymbolicLink)
            {
                chain.Add(node);
                continue;
            }

            if (++links > MaximumLinks || node.Target.Length > PackLimits.PathBytes)
                return null;
            if (node.Target.StartsWith('/'))
                chain.RemoveRange(1, chain.Count - 1);
            foreach (var part in node.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Reverse())
                pending.Push(part);
        }

        return chain[^1];
    }

    private FileNode? Step(FileNode at, string segment, int? layer)
    {
        if (at.Names is not { } names)
            return null;
        if (names.TryGetValue(segment, out var name))
            return name.Node;
        if (layer is null)
            return null;
        var made = new FileNode(EntryKind.Directory);
        names.Add(segment, new FileName(made, layer.Value));
        Made++;
        return made;
    }
}
