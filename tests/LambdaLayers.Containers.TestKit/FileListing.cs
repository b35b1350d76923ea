using System.Globalization;
using System.Security.Cryptography;

namespace LambdaLayers.Containers.TestKit;

/// <summary>What lies below a folder, one comparable line for each entry: type, mode, time, link target or content.</summary>
public static class FileListing
{
    /// <summary>The lines for everything below a folder, sorted.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(info => $"{Path.GetRelativePath(folder, info.FullName)} {Describe(info)}")
            .Order(StringComparer.Ordinal),
    ];

    // Time and mode of a link depend on the tool that made it.
    private static string Describe(FileSystemInfo info) => info switch
    {
        { LinkTarget: { } target } => "-> " + target,
        FileInfo file => $"{Common(file)} {file.Length} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))}",
        _ => Common(info) + " folder",
    };

    private static string Common(FileSystemInfo info) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode):x} {new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds()}");
}
