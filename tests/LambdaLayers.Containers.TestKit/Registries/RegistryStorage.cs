using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// What an <see cref="EmbeddedRegistry"/> holds; several may share one, as two hosts in front of one store do. Uploaded blobs
/// are files, so that large ones need no memory.
/// </summary>
public sealed class RegistryStorage : IDisposable
{
    private readonly Lazy<TempRoot> _root = new(() => new TempRoot());
    private readonly ConcurrentDictionary<string, StoredBlob> _blobs = new();
    private readonly ConcurrentDictionary<(string Repository, string Digest), bool> _links = new();
    private readonly ConcurrentDictionary<(string Repository, string Digest), StoredManifest> _manifests = new();
    private readonly ConcurrentDictionary<(string Repository, string Tag), string> _tags = new();
    private readonly ConcurrentDictionary<string, Upload> _uploads = new();

    /// <summary>Every repository with a manifest, sorted.</summary>
    public IReadOnlyList<string> Repositories =>
        [.. _manifests.Keys.Select(k => k.Repository).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Tags of a repository, sorted.</summary>
    public IReadOnlyList<string> Tags(string repository) =>
        [.. _tags.Keys.Where(k => k.Repository == repository).Select(k => k.Tag).Order(StringComparer.Ordinal)];

    public static string Sha256(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Stores bytes as a blob of every repository, under a digest that they need not have.</summary>
    public void AddBlob(string digest, byte[] bytes)
    {
        _blobs[digest] = new StoredBlob(bytes.Length, () => new MemoryStream(bytes, writable: false));
        Link("", digest);
    }

    /// <summary>Stores a manifest without looking into it, under its digest and, if any, a tag; gives the digest.</summary>
    public string AddManifest(string repository, string? tag, string mediaType, byte[] bytes)
    {
        var digest = Sha256(bytes);
        _manifests[(repository, digest)] = new StoredManifest(digest, mediaType, bytes);
        if (tag is not null)
            _tags[(repository, tag)] = digest;
        return digest;
    }

    /// <summary>By tag or digest; null when there is none.</summary>
    public StoredManifest? FindManifest(string repository, string reference) =>
        _manifests.GetValueOrDefault((repository, _tags.GetValueOrDefault((repository, reference)) ?? reference));

    public IReadOnlyList<StoredManifest> Manifests(string repository) =>
        [.. _manifests.Where(m => m.Key.Repository == repository).Select(m => m.Value).OrderBy(m => m.Digest, StringComparer.Ordinal)];

    /// <summary>A blob that this repository has; null when there is none.</summary>
    public StoredBlob? FindBlob(string repository, string digest) =>
        _links.ContainsKey((repository, digest)) || _links.ContainsKey(("", digest)) ? _blobs.GetValueOrDefault(digest) : null;

    /// <summary>Makes a blob part of a repository.</summary>
    public void Link(string repository, string digest) => _links[(repository, digest)] = true;

    internal Upload StartUpload(string repository)
    {
        var id = Guid.NewGuid().ToString();
        return _uploads[id] = new Upload(id, repository, _root.Value.File("uploads", id));
    }

    internal Upload? FindUpload(string repository, string id) =>
        _uploads.TryGetValue(id, out var upload) && upload.Repository == repository ? upload : null;

    /// <summary>Ends an upload, into a blob when it has this digest; whether it had.</summary>
    internal async Task<bool> FinishAsync(Upload upload, string digest)
    {
        _uploads.TryRemove(upload.Id, out _);
        var actual = await upload.CloseAsync();
        if (actual != digest)
        {
            File.Delete(upload.Path);
            return false;
        }

        _blobs[digest] = new StoredBlob(upload.Length, () => File.OpenRead(upload.Path));
        Link(upload.Repository, digest);
        return true;
    }

    internal async Task CancelAsync(Upload upload)
    {
        _uploads.TryRemove(upload.Id, out _);
        await upload.CloseAsync();
        File.Delete(upload.Path);
    }

    public void Dispose()
    {
        foreach (var upload in _uploads.Values)
            upload.Dispose();
        if (_root.IsValueCreated)
            _root.Value.Dispose();
    }

    /// <summary>An upload session.</summary>
    internal sealed class Upload(string id, string repository, string path) : IDisposable
    {
        private readonly FileStream _file = File.Create(path);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Id => id;

        public string Repository => repository;

        public string Path => path;

        public long Length { get; private set; }

        public async Task AppendAsync(Stream content, CancellationToken cancellationToken)
        {
            var buffer = new byte[81920];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await _file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                _hash.AppendData(buffer.AsSpan(0, read));
                Length += read;
            }

            await _file.FlushAsync(cancellationToken);
        }

        /// <summary>The digest of all that came.</summary>
        public async Task<string> CloseAsync()
        {
            await _file.DisposeAsync();
            return "sha256:" + Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public void Dispose()
        {
            _file.Dispose();
            _hash.Dispose();
        }
    }
}

/// <summary>A blob; <paramref name="Open"/> gives its content from the beginning, each time anew.</summary>
public sealed record StoredBlob(long Length, Func<Stream> Open);

/// <summary>A manifest or index, byte for byte.</summary>
public sealed record StoredManifest(string Digest, string MediaType, byte[] Bytes);
