using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Looks for libraries as the loader does (https://man7.org/linux/man-pages/man8/ld.so.8.html).</summary>
internal static class LibrarySearch
{
    // Programs have some dozens of them; more is a circle or an attack.
    private const int Most = 500;

    /// <summary>What a program needs, and what that needs, and is not found.</summary>
    public static IReadOnlyList<string> MissingOf(InspectedImage image, string path, FoundFile program)
    {
        var own = SearchPath(program.Elf!, image.Files.Resolve(path));
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Queue<(string Name,
            IReadOnlyList<string> Folders)>(program.Elf!.Needed.Select(name => (name, own)));
        while (pending.TryDequeue(out var needed) && seen.Count < Most)
        {
            if (!seen.Add(needed.Name))
                continue;
            if (Find(image, needed.Name, needed.Folders) is not { } library)
            {
                missing.Add(needed.Name);
                continue;
            }

            // The program's own folders hold for its libraries too, where it says DT_RPATH.
            var folders = library.Elf is { } elf ? SearchPath(elf,
                image.Files.Resolve(library.Path)).Concat(own).ToList() : own;
            foreach (var name in library.Elf?.Needed ?? [])
                pending.Enqueue((name, folders));
        }

        return [.. missing];
    }

    /// <summary>Where one library is; null when the loader would not find it.</summary>
    public static FoundFile? Find(InspectedImage image, string name, IReadOnlyList<string> folders)
    {
        if (name.Contains('/'))
            return image.Files.Find(name);
        return folders.Concat((image.Config.EnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':',
            StringSplitOptions.RemoveEmptyEntries))
            .Concat(SystemFolders(image))
            .Select(folder => image.Files.Find($"{folder}/{name}")).FirstOrDefault(file => file is { IsFile: true });
    }

    /// <summary>A file's own folders, with what stands for its place put in.</summary>
    public static IReadOnlyList<string> SearchPath(ElfFile elf, string path)
    {
        var origin = path[..Math.Max(0, path.LastIndexOf('/'))];
        return
        [
            .. elf.SearchPath.Select(folder => folder
                .Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin,
                    StringComparison.Ordinal)
                .Replace("$LIB", "lib64", StringComparison.Ordinal)),
        ];
    }

    // The loader's own, of Amazon Linux, Debian, and musl; a cache of /etc/ld.so.conf's cannot be read as text.
    private static string[] SystemFolders(InspectedImage image)
    {
        var machine = image.Image.Platform.MachineName;
        return
        [
            "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib", "/usr/local/lib64",
            $"/lib/{machine}-linux-gnu", $"/usr/lib/{machine}-linux-gnu",
        ];
    }
}
