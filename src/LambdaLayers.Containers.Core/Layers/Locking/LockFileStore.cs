using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Layers.Locking;

/// <summary>Puts the lock file on disk: a reader sees the old one or the new one, never half of one.</summary>
internal static class LockFileStore
{
    /// <summary>Longer than any project's: a layer takes about 1 KB.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    /// <summary>Reads the file; null when there is none. LLC5001 for what cannot be read or is no file of this size.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? RegularFile.ReadText(path, MaximumBytes) : null;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Replaces the file; deletes it for an empty text. LLC2205, or LLC5010 for a full disk.</summary>
    public static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (text.Length > 0)
        {
            await AtomicFile.WriteAsync(
                path,
                async (file, token) => await file.WriteAsync(Encoding.UTF8.GetBytes(text), token),
                e => LockErrors.Unwritable(path, e),
                cancellationToken);
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw LockErrors.Unwritable(path, e);
        }
    }
}
