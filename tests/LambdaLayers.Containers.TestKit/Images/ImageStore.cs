using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>A place that holds an image's documents and blobs.</summary>
internal abstract class ImageStore : IDisposable
{
    /// <summary>By a reference as <see cref="StoredImage"/> takes it.</summary>
    public static ImageStore Open(string reference)
    {
        var (transport, rest) = (reference[..reference.IndexOf(':', StringComparison.Ordinal)],
            reference[(reference.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return transport switch
        {
            "docker" => new Registry(rest[2..]),
            "docker-archive" => new Files(Archive(rest), "manifest.json"),
            "oci-archive" => new Files(Archive(rest), "index.json"),
            "oci" => new Files(Folder(rest), "index.json"),
            _ => throw new ArgumentException($"'{reference}' has no known transport.", nameof(reference)),
        };
    }

    /// <summary>What the reference names: a manifest, an index, or a Docker archive's entry of its manifest.json.</summary>
    public abstract Task<(byte[] Bytes, string? Digest)> RootAsync();

    /// <summary>A manifest or config.</summary>
    public abstract Task<byte[]> DocumentAsync(string digest);

    public abstract Task<byte[]> BlobAsync(string digest);

    /// <summary>A file of an archive.</summary>
    public virtual Task<byte[]> FileAsync(string path) => throw new NotSupportedException();

    public virtual void Dispose()
    {
    }

    protected static byte[] Checked(byte[] bytes, string digest) => SyntheticLayer.Sha256(bytes) is var actual && actual == digest
        ? bytes
        : throw new InvalidDataException($"{digest} was asked for, {actual} is there.");

    // A tag behind the file's name chooses one of several images; the archives here have one.
    private static Dictionary<string, byte[]> Archive(string path)
    {
        var file = File.Exists(path) ? path : path[..path.IndexOf(':', StringComparison.Ordinal)];
        var entries = new Dictionary<string, byte[]>();
        var head = new byte[2];
        using var stream = File.OpenRead(file);
        stream.ReadExactly(head);
        stream.Position = 0;
        using var tar = new TarReader(head is [0x1F, 0x8B] ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data)
                continue;
            using var bytes = new MemoryStream();
            data.CopyTo(bytes);
            entries[entry.Name.Replace("./", "", StringComparison.Ordinal)] = bytes.ToArray();
        }

        return entries;
    }

    private static Dictionary<string, byte[]> Folder(string path) => Directory.GetFiles(path, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(path, f).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes);

    /// <summary>The files of an archive or a layout folder.</summary>
    private sealed class Files(Dictionary<string, byte[]> files, string root) : ImageStore
    {
        public override Task<(byte[] Bytes, string? Digest)> RootAsync()
        {
            using var document = JsonDocument.Parse(files[root]);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
                return Task.FromResult<(byte[], string?)>((JsonSerializer.SerializeToUtf8Bytes(document.RootElement[0]), null));
            var digest = document.RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString()!;
            return Task.FromResult<(byte[], string?)>((Blob(digest), digest));
        }

        public override Task<byte[]> DocumentAsync(string digest) => Task.FromResult(Blob(digest));

        public override Task<byte[]> BlobAsync(string digest) => Task.FromResult(Blob(digest));

        public override Task<byte[]> FileAsync(string path) => Task.FromResult(files[path]);

        private byte[] Blob(string digest) => Checked(files["blobs/" + digest.Replace(':', '/')], digest);
    }

    /// <summary>A registry over plain HTTP, without a log-in.</summary>
    private sealed class Registry : ImageStore
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
        private readonly string _repository;
        private readonly string _reference;

        public Registry(string name)
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            _http.BaseAddress = new Uri($"http://{name[..slash]}/v2/");
            var path = name[(slash + 1)..];
            var at = path.IndexOfAny(['@', ':']);
            (_repository, _reference) = at < 0 ? (path, "latest") : (path[..at], path[(at + 1)..]);
        }

        public override async Task<(byte[] Bytes, string? Digest)> RootAsync() => (await ManifestAsync(_reference), null);

        // A config is a blob; a manifest of an index is none, for a registry.
        public override async Task<byte[]> DocumentAsync(string digest)
        {
            using var response = await _http.GetAsync(new Uri($"{_repository}/blobs/{digest}", UriKind.Relative));
            return Checked(
                response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync() : await ManifestAsync(digest), digest);
        }

        public override async Task<byte[]> BlobAsync(string digest) =>
            Checked(await _http.GetByteArrayAsync(new Uri($"{_repository}/blobs/{digest}", UriKind.Relative)), digest);

        public override void Dispose()
        {
            _http.Dispose();
            base.Dispose();
        }

        private async Task<byte[]> ManifestAsync(string reference)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_repository}/manifests/{reference}", UriKind.Relative));
            foreach (var family in Enum.GetValues<ImageFamily>())
            {
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypes.Manifest(family)));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypes.Index(family)));
            }

            using var response = await _http.SendAsync(request);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsByteArrayAsync();
        }
    }
}
