namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Where in an image the user could have meant to look.</summary>
internal static class FolderHints
{
    private const int Shown = 20;
    private const int Depth = 6;

    /// <summary>Names in the image's root, sorted, the first ones.</summary>
    public static IReadOnlyList<string> TopLevel(ImageFileSystem image) =>
        [.. image.Find("/")!.Names!.Keys.Select(n => "/" + n).Order(StringComparer.Ordinal).Take(Shown)];

    /// <summary>Folders that hold a folder <c>extensions</c> with something in it: they look like a layer's root.</summary>
    public static IReadOnlyList<string> WithExtensions(ImageFileSystem image)
    {
        var found = new List<string>();
        Search(image.Find("/")!, "", found, 0);
        return found;
    }

    private static void Search(FileNode folder, string path, List<string> found, int depth)
    {
        foreach (var (name, file) in folder.Names!.OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            if (found.Count == Shown || depth > Depth || file.Node.Names is not { } inside)
                continue;
            if (name == "extensions" && path.Length > 0 && inside.Values.Any(f => f.Node.Kind == EntryKind.File))
                found.Add(path);
            Search(file.Node, $"{path}/{name}", found, depth + 1);
        }
    }
}
