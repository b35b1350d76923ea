using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// The one way to put a file on disk: written beside its place, flushed and renamed, so that a reader sees the old file or
/// the new one, a failed write leaves the old one alone, and nothing half-written stays behind.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Replaces the file at <paramref name="path"/> by what <paramref name="write"/> writes; makes its folder.</summary>
    /// <param name="path">Absolute. What is there and is no regular file is refused, not replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cannotWrite">The error for a failure that is not a full disk (LLC5010).</param>
    /// <param name="cancellationToken">Stops the writing; the old file stays.</param>
    public static async Task WriteAsync(
        string path,
        Func<Stream, CancellationToken, Task> write,
        Func<Exception, LayersException> cannotWrite,
        CancellationToken cancellationToken)
    {
        // Beside its place, because only a rename within one volume is atomic; a name of its own, because two builds may
        // write the same file at once.
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            DemandReplaceable(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await write(file, cancellationToken);
                FlushToDisk(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotWrite(path, e, cannotWrite);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    // FlushAsync leaves the bytes to the system's cache.
    private static void FlushToDisk(FileStream file) => file.Flush(flushToDisk: true);

    // A rename would put a file in the place of a device node, which others need, or of a link that leads to one.
    private static void DemandReplaceable(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder.");
        RegularFile.Demand(path);
    }

    // It is only there when something else has failed, and that is to be reported.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
        }
    }
}
