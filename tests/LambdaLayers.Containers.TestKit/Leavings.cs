using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.TestKit;

/// <summary>What a build must not leave behind, however it ends.</summary>
public static class Leavings
{
    /// <summary>Temporary files, wherever they are, and what <see cref="BrokenBlobs"/> gives; by path from the folder.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Files(folder).Where(file =>
            file.EndsWith(".tmp", StringComparison.Ordinal) || file.Contains("/v1/tmp/", StringComparison.Ordinal)),
        .. BrokenBlobs(folder),
    ];

    /// <summary>Blobs of a cache in the folder that are not what their names say.</summary>
    public static IEnumerable<string> BrokenBlobs(string folder) => Files(folder).Where(file =>
        file.Contains("/blobs/sha256/", StringComparison.Ordinal)
        && Digest.Of(File.ReadAllBytes(Path.Join(folder, file))).Hex != Path.GetFileName(file));

    // With a slash before each, so that the folder may be the cache itself.
    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => "/" + Path.GetRelativePath(folder, file).Replace('\\', '/'));
}
