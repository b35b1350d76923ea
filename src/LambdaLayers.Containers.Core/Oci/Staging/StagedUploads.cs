using System.Collections.Concurrent;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>
/// What was pushed to the staging registry: blobs in temporary files, manifests in memory. Any process of this machine that
/// finds the port can push here, so size and number are bounded, and nothing is used but what is asked for by its digest.
/// </summary>
/// <param name="createTemporary">Makes a file that is gone when it is disposed.</param>
internal sealed class StagedUploads(Func<TemporaryFile> createTemporary, Limits limits) : IDisposable
{
    private const int Sessions = 64;
    private const int Manifests = 256;
    private const int IdLength = 32;
    private readonly ConcurrentDictionary<string, TemporaryFile> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Digest, TemporaryFile> _blobs = new();
    private readonly ConcurrentDictionary<string, (string MediaType, byte[] Bytes)> _manifests = new(StringComparer.Ordinal);
    private long _received;

    /// <summary>Begins an upload; null when there are too many.</summary>
    public string? Begin()
    {
        if (_sessions.Count + _blobs.Count >= Sessions)
            return null;
        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        _sessions[id] = createTemporary();
        return id;
    }

    /// <summary>Adds to an upload and gives its length in bytes by now; null when there is no such upload, or it is too large.</summary>
    public async Task<long?> AppendAsync(string id, Stream content, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(id, out var file))
            return null;
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (Interlocked.Add(ref _received, read) > limits.BlobBytes)
                return null;
            await file.Stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return file.Stream.Length;
    }

    /// <summary>Ends an upload; false when its content is not what <paramref name="digest"/> says.</summary>
    public async Task<bool> CompleteAsync(string id, Digest digest, CancellationToken cancellationToken)
    {
        if (!_sessions.TryRemove(id, out var file))
            return false;
        var isKept = false;
        try
        {
            file.Stream.Position = 0;
            isKept = await Digest.OfAsync(file.Stream, cancellationToken) == digest && _blobs.TryAdd(digest, file);
        }
        finally
        {
            if (!isKept)
                file.Dispose();
        }

        return isKept || _blobs.ContainsKey(digest);
    }

    /// <summary>Keeps a manifest under its name; false when there are too many.</summary>
    public bool AddManifest(string name, string mediaType, byte[] bytes)
    {
        if (_manifests.Count >= Manifests)
            return false;
        _manifests[Digest.Of(bytes).ToString()] = _manifests[name] = (mediaType, bytes);
        return true;
    }

    /// <summary>A manifest by digest or tag; null when there is none.</summary>
    public (string MediaType, byte[] Bytes)? Manifest(string name) =>
        _manifests.TryGetValue(name, out var manifest) ? manifest : null;

    /// <summary>Length of a blob in bytes; null when there is none.</summary>
    public long? Size(Digest digest) => _blobs.TryGetValue(digest, out var file) ? file.Stream.Length : null;

    /// <summary>Opens a blob, which was verified when it came; null when there is none.</summary>
    public Stream? Open(Digest digest) => _blobs.TryGetValue(digest, out var file) ? file.OpenRead() : null;

    public void Dispose()
    {
        foreach (var file in _sessions.Values.Concat(_blobs.Values))
            file.Dispose();
        _sessions.Clear();
        _blobs.Clear();
    }
}
