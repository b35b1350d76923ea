using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// Blobs that a build has hashed once, while it wrote or when it first read them: after that only their stamps are compared.
/// All caches of one build may share it. Safe for concurrent use.
/// </summary>
internal sealed class VerifiedBlobs
{
    private readonly ConcurrentDictionary<string, FileStamp> _stamps = new(StringComparer.Ordinal);

    /// <summary>Whether the file is as it was when it was hashed.</summary>
    public bool Has(string path, FileStamp stamp) => _stamps.TryGetValue(path, out var known) && known == stamp;

    /// <summary>Remembers that the file's bytes are what its name says.</summary>
    public void Add(string path, FileStamp stamp) => _stamps[path] = stamp;
}

/// <summary>Tells whether a file has changed, without reading it.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Written">Its modification time.</param>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>The file's stamp now; the default for one that is not there.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : default;
    }
}
