using System.Formats.Tar;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// Lays layers over each other below a folder as the image specification says: whiteouts remove, later entries replace, links
/// of the image lead nowhere outside. Owners and devices are left out.
/// </summary>
internal sealed class ImageUnpacker(string root)
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";

    // Set last, deepest first: entries made later in a folder would change its time.
    private readonly Dictionary<string, TarEntry> _folders = [];

    public void Apply(StoredLayer layer)
    {
        var own = new HashSet<string>();
        foreach (var entry in layer.Entries())
        {
            var path = PathOf(entry.Name);
            if (path == root)
                continue;
            var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
            Directory.CreateDirectory(folder);
            if (name == Opaque)
            {
                foreach (var old in Directory.GetFileSystemEntries(folder).Where(e => !own.Contains(e)))
                    Remove(old);
            }
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
            {
                Remove(Path.Combine(folder, name[Whiteout.Length..]));
            }
            else
            {
                own.Add(path);
                Create(entry, path);
            }
        }
    }

    /// <summary>Gives the folders their modes and times.</summary>
    public void Finish()
    {
        foreach (var (path, entry) in _folders.OrderByDescending(f => f.Key.Length).Where(f => Directory.Exists(f.Key)))
        {
            SetMode(path, entry);
            Directory.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        }
    }

    private void Create(TarEntry entry, string path)
    {
        if (entry.EntryType == TarEntryType.Directory)
        {
            if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
                Remove(path);
            Directory.CreateDirectory(path);
            _folders[path] = entry;
            return;
        }

        Remove(path);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                using (var file = File.Create(path))
                    entry.DataStream?.CopyTo(file);
                SetMode(path, entry);
                File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                // As a copy: nothing here looks at inodes.
                File.Copy(PathOf(entry.LinkName), path);
                break;
        }
    }

    private static void SetMode(string path, TarEntry entry)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, entry.Mode);
    }

    private static void Remove(string path)
    {
        if (new FileInfo(path).LinkTarget is null && Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    /// <summary>Where an entry lies on this machine: links in its parents are followed, and never out of the root.</summary>
    private string PathOf(string name)
    {
        var pending = new Stack<string>(name.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = root;
        for (var steps = 0; pending.TryPop(out var part); steps++)
        {
            if (steps > 1000)
                throw new InvalidDataException($"{name} lies behind a loop of links.");
            if (part == ".")
                continue;
            if (part == "..")
            {
                current = current == root ? root : Path.GetDirectoryName(current)!;
                continue;
            }

            var next = Path.Combine(current, part);
            if (pending.Count > 0 && new FileInfo(next).LinkTarget is { } target)
            {
                current = target.StartsWith('/') ? root : current;
                foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                    pending.Push(step);
            }
            else
            {
                current = next;
            }
        }

        return current;
    }
}
