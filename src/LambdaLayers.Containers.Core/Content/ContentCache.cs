using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// A content-addressed store on disk, safe for many builds at once: every file is written beside its place,
/// flushed, and renamed; whoever loses a race finds the same bytes there. A file that is not what its name says
/// is dropped, so that the caller makes it again.
/// </summary>
internal sealed class ContentCache(CachePaths paths)
{
    // Blobs that this process has hashed once; after that only the length and time are compared.
    private readonly ConcurrentDictionary<Digest, (long Length, DateTime Written)> _verified = new();

    public CachePaths Paths { get; } = paths;

    /// <summary>Opens the blob if it is there and whole; a corrupt one is deleted and counts as missing.</summary>
    public async Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = Paths.Blob(digest);
        Stream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var stamp = (file.Length, File.GetLastWriteTimeUtc(path));
        if (_verified.TryGetValue(digest, out var known) && known == stamp)
            return file;
        var actual = await Digest.OfAsync(file, cancellationToken);
        if (actual == digest)
        {
            _verified[digest] = stamp;
            file.Position = 0;
            return file;
        }

        await file.DisposeAsync();
        File.Delete(path);
        return null;
    }

    /// <summary>Whether the blob is there and whole.</summary>
    public async Task<bool> ContainsAsync(Digest digest, CancellationToken cancellationToken)
    {
        await using var stream = await TryOpenAsync(digest, cancellationToken);
        return stream is not null;
    }

    /// <summary>Waits while another build makes what has this key: see <see cref="CacheLock"/>.</summary>
    public Task<CacheLock> LockAsync(Digest key, CancellationToken cancellationToken) =>
        CacheLock.AcquireAsync(Paths.Lock(key), TimeProvider.System, cancellationToken);

    /// <summary>A new file of this process's own in the temporary folder.</summary>
    public TemporaryFile CreateTemporary()
    {
        try
        {
            return new TemporaryFile(Paths.Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EnvironmentErrors.CannotWriteCache(Paths.Root, e);
        }
    }

    /// <summary>
    /// Removes what killed builds left half-written. Only what nobody has touched for a day: other builds are at work in
    /// the same folder.
    /// </summary>
    public void SweepTemporaries(TimeProvider time)
    {
        var old = time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1);
        try
        {
            foreach (var file in new DirectoryInfo(Paths.Temporary).EnumerateFiles().Where(f => f.LastWriteTimeUtc < old))
                file.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder yet, or another build sweeps too: the next one finds the rest.
        }
    }

    /// <summary>Moves a finished temporary file to its place under <paramref name="digest"/>.</summary>
    public void Commit(TemporaryFile file, Digest digest) => file.MoveTo(Paths.Blob(digest));

    /// <summary>Reads what <paramref name="key"/> led to earlier; null when unknown or unreadable.</summary>
    public async Task<T?> TryReadMappingAsync<T>(
        string kind, Digest key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(Paths.Mapping(kind, key), cancellationToken);
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers what <paramref name="key"/> leads to.</summary>
    public async Task WriteMappingAsync<T>(
        string kind, Digest key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var file = CreateTemporary();
        await JsonSerializer.SerializeAsync(file.Stream, value, type, cancellationToken);
        file.MoveTo(Paths.Mapping(kind, key));
    }
}
