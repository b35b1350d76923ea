using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>Everything that decides what a BuildCommand makes: when it is the same, the command need not run.</summary>
internal static class BuildKey
{
    /// <summary>
    /// The key of a build, or null when nothing says what the command reads, so that it has to run every time.
    /// Throws LLC2411 for an input that is not there.
    /// </summary>
    /// <param name="build">Whose command and architecture count.</param>
    /// <param name="inputs">Absolute paths of BuildInputs, wildcards expanded; empty where there is no BuildInputs.</param>
    /// <param name="cancellationToken">Stops the hashing.</param>
    public static async Task<Digest?> OfAsync(
        LayerBuild build, IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        var item = build.Item;
        var declared = item.BuildInputs is not null;
        // A folder that is there holds what the command works on, unless the item says better.
        var files = declared ? inputs : FilesBelow(item.FullPath);
        if (!declared && files.Count == 0)
            return null;
        var text = new StringBuilder().Append(item.BuildCommand).Append('\n').Append(build.Architecture).Append('\n');
        foreach (var (name, path) in files
            .Select(f => (Name: Path.GetRelativePath(item.ProjectDirectory, f).Replace('\\', '/'), Path: f))
            .DistinctBy(f => f.Name)
            .OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            text.Append(await HashAsync(path, cancellationToken)).Append(' ').Append(name).Append('\n');
        }

        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string[] FilesBelow(string folder) =>
        Directory.Exists(folder)
        // A dangling link is nothing that a command could read.
        ? [.. FolderFiles.Below(folder).Where(File.Exists)]
        : [];

    private static async Task<Digest> HashAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw BuiltLayerErrors.BuildInputNotFound(path);
        if (UnixFileType.SpecialBehind(path) is { } special)
            throw BuiltLayerErrors.BuildInputIsSpecial(path, special);
        try
        {
            await using var file = File.OpenRead(path);
            return await Digest.OfAsync(file, cancellationToken);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }
}
