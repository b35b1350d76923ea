using System.IO.Enumeration;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>Lists a folder that anything may have been written into: .NET's own listing follows links round and round.</summary>
internal static class FolderFiles
{
    /// <summary>Absolute paths of all files and links below <paramref name="folder"/>; links are not followed.</summary>
    public static IEnumerable<string> Below(string folder) => new FileSystemEnumerable<string>(
        folder,
        (ref FileSystemEntry entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
    };

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
