using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Puts the lock file on disk: a reader sees the old one or the new one, never half of one.</summary>
internal static class LockFileStore
{
    /// <summary>Replaces the file; deletes it for an empty text.</summary>
    public static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        // Beside its place, because only a rename within one volume is atomic.
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            if (text.Length == 0)
            {
                File.Delete(path);
                return;
            }

            await File.WriteAllTextAsync(temporary, text, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ItemErrors.LockFileUnwritable(path, e);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    // It is only there when something else has failed, and that is to be reported.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
