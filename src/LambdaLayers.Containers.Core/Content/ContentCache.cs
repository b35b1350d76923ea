using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// A content-addressed store on disk, safe for many builds at once: every file is written beside its place,
/// flushed, and renamed; whoever loses a race finds the same bytes there. A file that is not what its name says
/// is dropped, so that the caller makes it again.
/// </summary>
/// <param name="paths">Where it is.</param>
/// <param name="verified">What other caches of the same build have hashed; null for a cache that shares nothing.</param>
internal sealed class ContentCache(CachePaths paths, VerifiedBlobs? verified = null)
{
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly Digest EmptyDigest = Digest.Of([]);
    private readonly VerifiedBlobs _verified = verified ?? new VerifiedBlobs();

    public CachePaths Paths { get; } = paths;

    /// <summary>Opens the blob if it is there and whole; a corrupt one is deleted and counts as missing.</summary>
    public async Task<Stream?> TryOpenAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = Paths.Blob(digest);
        Stream? file = null;
        try
        {
            if (!IsPlausible(path, digest))
                return null;
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, true);
            var stamp = FileStamp.Of(path);
            if (_verified.Has(path, stamp))
                return file;
            if (await Digest.OfAsync(file, cancellationToken) == digest)
            {
                _verified.Add(path, stamp);
                file.Position = 0;
                return file;
            }
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // Gone meanwhile, not ours to read, a broken disk: made again, if it can be replaced.
        }
        catch
        {
            await (file?.DisposeAsync() ?? default);
            throw;
        }

        await (file?.DisposeAsync() ?? default);
        Drop(path);
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
            return new TemporaryFile(Paths.Temporary, CannotWrite);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>LLC5002, or LLC5010 for a full disk.</summary>
    private LayersException CannotWrite(Exception cause) => FileErrors.CannotWrite(
        Paths.Root, cause, e => CacheErrors.CannotWrite(Paths.Root, e));

    /// <summary>
    /// Makes the default cache this user's alone: layers are often private. One that others may write to is warned about:
    /// what they put there is verified, but they can make it go away, and lock files in it.
    /// </summary>
    public void Guard(IEngineLog log)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            if (Paths.IsDefault)
            {
                var made = Directory.CreateDirectory(Paths.Root, OnlyMine);
                if (made.UnixFileMode != OnlyMine)
                    made.UnixFileMode = OnlyMine;
            }

            var root = new DirectoryInfo(Paths.Root);
            if (root.Exists && (root.UnixFileMode & UnixFileMode.OtherWrite) != 0)
                log.Warning(CacheErrors.WritableByOthers(Paths.Root));
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // Whoever writes to it first says what is wrong.
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
        catch (Exception e) when (FileErrors.Is(e))
        {
            // No folder yet, or another build sweeps too: the next one finds the rest.
        }
    }

    /// <summary>
    /// Moves a finished temporary file to its place. It is not hashed again: <paramref name="digest"/> must be that of the
    /// bytes that were written.
    /// </summary>
    public void Commit(TemporaryFile file, Digest digest)
    {
        var path = Paths.Blob(digest);
        if (Move(file, path))
            _verified.Add(path, FileStamp.Of(path));
    }

    /// <summary>
    /// Reads what <paramref name="key"/> led to earlier; null when that is unknown, cannot be read, or cannot be right.
    /// </summary>
    public async Task<T?> TryReadMappingAsync<T>(
        string kind, Digest key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var path = Paths.Mapping(kind, key);
        try
        {
            if (!IsPlausible(path, null))
                return null;
            var value = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), type);
            if (value is not null && (value is not ICacheMapping mapping || mapping.Blobs.All(IsPlausible)))
                return value;
        }
        catch (Exception e) when (FileErrors.Is(e) || e is JsonException)
        {
            // As if it were not there.
        }

        Drop(path);
        return null;
    }

    /// <summary>Remembers what <paramref name="key"/> leads to.</summary>
    public async Task WriteMappingAsync<T>(
        string kind, Digest key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var file = CreateTemporary();
        await JsonSerializer.SerializeAsync(file.Stream, value, type, cancellationToken);
        Move(file, Paths.Mapping(kind, key));
    }

    private bool Move(TemporaryFile file, string destination)
    {
        try
        {
            // A rename cannot replace a folder.
            if (Directory.Exists(destination))
                Drop(destination);
            return file.MoveTo(destination);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw CannotWrite(e);
        }
    }

    // Only regular files are ever put here. A pipe in their place would hang whoever opens it; its length is 0, as a device's.
    private static bool IsPlausible(string path, Digest? digest)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.LinkTarget is null && (info.Length > 0 || digest == EmptyDigest))
            return true;
        if (info.Exists || info.LinkTarget is not null || Directory.Exists(path))
            Drop(path);
        return false;
    }

    // What a mapping says of a blob that is here must fit it.
    private bool IsPlausible((Digest? Digest, long Size) blob)
    {
        if (blob.Digest is null || blob.Size <= 0)
            return false;
        var info = new FileInfo(Paths.Blob(blob.Digest));
        return !info.Exists || info.Length == blob.Size;
    }

    // If it cannot be dropped, the rename that puts the right one there replaces it, or says why it cannot.
    private static void Drop(string path)
    {
        try
        {
            if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
        }
    }
}

/// <summary>What a mapping says about blobs, so that the cache can tell one that cannot be right.</summary>
internal interface ICacheMapping
{
    /// <summary>Digest and size in bytes of each blob.</summary>
    IEnumerable<(Digest? Digest, long Size)> Blobs { get; }
}
