using System.Formats.Tar;
using System.IO.Compression;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Rootfs;

namespace LambdaLayers.Containers.Core.Images.Archives;

/// <summary>
/// The files of an image archive: a tar, compressed or not, or an unpacked folder of the same layout.
/// </summary>
internal sealed class ArchiveFiles : IDisposable
{
    private readonly Dictionary<string, (long Start, long Length)> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly TemporaryFile? _unpacked;
    private readonly string _path;
    private readonly bool _isFolder;

    private ArchiveFiles(string path, TemporaryFile? unpacked)
    {
        (_path, _unpacked) = (Path.GetFullPath(path), unpacked);
        _isFolder = unpacked is null && Directory.Exists(path);
    }

    /// <summary>
    /// Opens what lies at <paramref name="path"/>; a compressed tar is unpacked into a temporary file.
    /// </summary>
    public static async Task<ArchiveFiles> OpenAsync(string path, ContentCache cache,
        CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return new ArchiveFiles(path, null);
        var files = new ArchiveFiles(path, await UnpackAsync(path, cache, cancellationToken));
        try
        {
            files.List();
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file, seekable; null when there is none of that name.</summary>
    public Stream? Open(string name)
    {
        if (_isFolder)
        {
            // The archive says these names; it has no business outside its folder.
            var file = Path.GetFullPath(Path.Combine(_path, name.Replace('/', Path.DirectorySeparatorChar)));
            return file.StartsWith(Path.TrimEndingDirectorySeparator(_path) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                && File.Exists(file) ? RegularFile.OpenRead(file) : null;
        }

        if (_links.TryGetValue(name, out var target))
            name = target;
        return _places.TryGetValue(name, out var place) ? new FileWindow(OpenTar(), place.Start, place.Length) : null;
    }

    /// <summary>A whole document, of at most <paramref name="limit"/> bytes; null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        await using var stream = Open(name);
        if (stream is null)
            return null;
        if (stream.Length > limit)
            throw new InvalidDataException($"'{name}' has more than {limit} bytes");
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    public void Dispose() => _unpacked?.Dispose();

    private Stream OpenTar() => _unpacked?.OpenRead() ?? File.OpenRead(_path);

    private static async Task<TemporaryFile?> UnpackAsync(string path, ContentCache cache,
        CancellationToken cancellationToken)
    {
        await using var file = RegularFile.OpenRead(path);
        if (file.ReadByte() != 0x1F || file.ReadByte() != 0x8B)
            return null;
        file.Position = 0;
        var unpacked = cache.CreateTemporary();
        try
        {
            var limit = ImageBudget.UnpackedBytes(file.Length, Limits.Default);
            await using var tar = new UnpackedStream(new GZipStream(file, CompressionMode.Decompress), limit, limit);
            await tar.CopyToAsync(unpacked.Stream, cancellationToken);
            await unpacked.Stream.FlushAsync(cancellationToken);
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    private void List()
    {
        using var stream = OpenTar();
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                _places[name] = (entry.DataOffset, entry.Length);
            else if (entry.EntryType == TarEntryType.SymbolicLink)
                _links[name] = Resolve(name, entry.LinkName);
            else if (entry.EntryType == TarEntryType.HardLink)
                _links[name] = entry.LinkName;
        }
    }

    // `docker save` wrote a layer that is there twice as a link from one folder to another: ../ID/layer.tar.
    private static string Resolve(string name, string target)
    {
        var segments = name.Split('/').SkipLast(1).ToList();
        foreach (var segment in target.Split('/'))
        {
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("." or ".."))
                segments.Add(segment);
        }

        return string.Join('/', segments);
    }

    /// <summary>A seekable window on a stream that it owns.</summary>
    private sealed class FileWindow(Stream file, long start, long length) : ReadOnlyStream
    {
        private long _position;

        public override bool CanSeek => true;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => _position = value;
        }

        public override int Read(Span<byte> buffer)
        {
            file.Position = start + _position;
            var read = file.Read(buffer[..(int)Math.Clamp(length - _position, 0, buffer.Length)]);
            _position += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<int>(Read(buffer.Span));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}
