using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// Makes a copy of the published files without those that go into the dependencies' layer. The published folder itself
/// is the user's and stays as it is.
/// </summary>
internal static class SplitPublishDirectory
{
    /// <summary>Fills <paramref name="stagingDirectory"/>, emptying it first; modes and times are kept.</summary>
    public static void Run(string publishDirectory, string stagingDirectory, IReadOnlyList<string> dependencies)
    {
        try
        {
            if (Directory.Exists(stagingDirectory))
                Directory.Delete(stagingDirectory, recursive: true);
            Directory.CreateDirectory(stagingDirectory);
            Copy(publishDirectory, stagingDirectory, dependencies.ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EnvironmentErrors.CannotStage(stagingDirectory, e);
        }
    }

    private static void Copy(string publishDirectory, string stagingDirectory, HashSet<string> left)
    {
        using var tree = DirectoryTree.Open(publishDirectory);
        var filled = tree.Entries.Select(e => LayerPath.Parent(e.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in tree.Entries.Where(e => !left.Contains(e.Path)))
        {
            var from = Path.Combine(publishDirectory, entry.Path);
            var to = Path.Combine(stagingDirectory, entry.Path);
            if (entry.Kind == EntryKind.Directory)
            {
                // Others come with their files; one that is left with none would be an empty entry in the image.
                if (!filled.Contains(entry.Path))
                    Directory.CreateDirectory(to);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (entry.LinkTarget is { } target)
                File.CreateSymbolicLink(to, target);
            else
                File.Copy(from, to);
        }
    }
}
