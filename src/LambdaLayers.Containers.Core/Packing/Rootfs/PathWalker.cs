namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Follows paths through an image's filesystem, symbolic links too, and never leaves it: above the root is the root.</summary>
internal sealed class PathWalker(FileNode root, ImageBudget budget)
{
    private const int MaximumLinks = 40; // as Linux: https://man7.org/linux/man-pages/man7/path_resolution.7.html

    /// <summary>
    /// The segments of a name below the image's root; builders write <c>a/b</c>, <c>./a/b</c> and <c>/a/b</c>. Throws
    /// LLC3052 for a name that climbs.
    /// </summary>
    public static string[] Split(string name)
    {
        var segments = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Array.IndexOf(segments, "..") >= 0)
            throw PackingErrors.PathEscapes(name);
        return Array.IndexOf(segments, ".") < 0 ? segments : [.. segments.Where(s => s != ".")];
    }

    /// <summary>What is there; null when nothing is, or links go in circles.</summary>
    public FileNode? Find(ReadOnlySpan<string> segments) => Walk(segments, layer: null);

    /// <summary>
    /// The folder there; folders that are missing on the way are made, as engines do.
    /// <see cref="InvalidDataException"/> when a file is in the way, or links go in circles.
    /// </summary>
    public FileNode FindOrMake(ReadOnlySpan<string> segments, int layer) =>
        Walk(segments, layer) is { IsFolder: true } folder
            ? folder
            : throw new InvalidDataException($"it puts a file below '/{string.Join('/', segments)}', which is no folder");

    private FileNode? Walk(ReadOnlySpan<string> segments, int? layer)
    {
        var chain = new List<FileNode> { root };
        var pending = new Stack<string>(segments.Length);
        Push(pending, segments);
        var links = 0;
        while (pending.TryPop(out var segment))
        {
            if (segment == "..")
            {
                if (chain.Count > 1)
                    chain.RemoveAt(chain.Count - 1);
                continue;
            }

            if (Step(chain[^1], segment, layer) is not { } node)
                return null;
            if (node.Kind != EntryKind.SymbolicLink)
            {
                // Links let a path get deeper than its length tells.
                if (chain.Count > budget.Depth)
                {
                    return layer is null
                        ? null
                        : throw new InvalidDataException($"it nests folders more than {budget.Depth} deep");
                }

                chain.Add(node);
                continue;
            }

            if (++links > MaximumLinks)
                return null;
            if (node.Target.StartsWith('/'))
                chain.RemoveRange(1, chain.Count - 1);
            Push(pending, node.Target.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }

        return chain[^1];
    }

    // Every segment that is looked at was pushed before, so that steps are counted here.
    private void Push(Stack<string> pending, ReadOnlySpan<string> segments)
    {
        budget.AddSteps(segments.Length);
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            if (segments[i] != ".")
                pending.Push(segments[i]);
        }
    }

    private FileNode? Step(FileNode at, string segment, int? layer)
    {
        if (!at.IsFolder)
            return null;
        if (at.Find(segment) is { } node)
            return node;
        if (layer is null)
            return null;
        budget.AddEntry();
        budget.AddName(segment);
        var made = new FileNode(EntryKind.Directory);
        at.Set(segment, made, layer.Value);
        return made;
    }
}
