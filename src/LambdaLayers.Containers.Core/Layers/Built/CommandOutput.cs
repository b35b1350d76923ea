using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>
/// The output folder of a BuildCommand. The command writes into an empty one; only what a succeeded command made takes the
/// place of the one before, so that a failed or cancelled command leaves that intact.
/// </summary>
internal static class CommandOutput
{
    // What a command says last is why it failed; two streams have no order between them, so not just one line.
    private const int LastLines = 3;

    /// <summary>Whether the last output was made for <paramref name="key"/>.</summary>
    public static bool IsUpToDate(BuiltLayerFolder folder, Digest? key) => Try(folder, () =>
        key is not null && Directory.Exists(folder.Output) && File.Exists(folder.Stamp)
        && File.ReadAllText(folder.Stamp) == key.ToString());

    /// <summary>Makes an empty folder for the command to write into.</summary>
    public static void Prepare(BuiltLayerFolder folder) => Try(folder, () =>
    {
        Remove(folder.Unfinished);
        return Directory.CreateDirectory(folder.Unfinished);
    });

    /// <summary>
    /// Takes over what the command made. Throws LLC2412 when it failed, LLC2413 when it made nothing.
    /// </summary>
    public static void Finish(BuiltLayerFolder folder, Digest? key, int exitCode, IReadOnlyList<string> printed)
    {
        if (exitCode != 0)
        {
            throw BuiltLayerErrors.BuildCommandFailed(
                exitCode, [.. printed.Select(l => l.Trim()).Where(l => l.Length > 0).TakeLast(LastLines)]);
        }

        var empty = Try(folder, () => !FolderFiles.Below(folder.Unfinished).Any());
        if (empty)
            throw BuiltLayerErrors.BuildCommandMadeNothing();
        Try(folder, () =>
        {
            File.Delete(folder.Stamp);
            Remove(folder.Output);
            Directory.Move(folder.Unfinished, folder.Output);
            if (key is not null)
                File.WriteAllText(folder.Stamp, key.ToString());
            return true;
        });
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static T Try<T>(BuiltLayerFolder folder, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw BuiltLayerErrors.CannotWriteBuildFolder(folder.Root, e);
        }
    }
}
