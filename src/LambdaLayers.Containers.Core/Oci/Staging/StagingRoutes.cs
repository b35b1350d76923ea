using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>
/// The distribution API (https://github.com/opencontainers/distribution-spec/blob/main/spec.md) over one base image and what
/// is pushed: the base's layers count as there in every repository, so that no client uploads them.
/// </summary>
internal sealed class StagingRoutes
{
    private readonly StagedBase _base;
    private readonly StagedUploads _uploads;
    private readonly Limits _limits;
    private readonly Dictionary<string, (string MediaType, byte[] Bytes)> _manifests = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, (long Size, Func<CancellationToken, Task<Stream>> OpenAsync)> _blobs = [];

    public StagingRoutes(StagedBase @base, StagedUploads uploads, Limits limits)
    {
        (_base, _uploads, _limits) = (@base, uploads, limits);
        foreach (var image in @base.Images)
        {
            _manifests[image.Digest.ToString()] = (image.Manifest.MediaType, image.Manifest.Bytes.ToArray());
            var config = image.Config.Bytes.ToArray();
            _blobs[image.Config.Digest] = (config.Length, _ => Task.FromResult<Stream>(new MemoryStream(config, writable: false)));
            foreach (var layer in image.Layers)
                _blobs[layer.Digest] = (layer.Size, layer.OpenCompressedAsync);
        }

        var root = @base.Index is { } index
            ? (index.MediaType, index.Bytes.ToArray())
            : _manifests[@base.Images[0].Digest.ToString()];
        _manifests[Digest.Of(root.Item2).ToString()] = _manifests[@base.Tag] = root;
    }

    /// <summary>The response to a request; never throws for what a client sends.</summary>
    public async Task<StagingResponse> RespondAsync(StagingRequest request, CancellationToken cancellationToken)
    {
        if (request.Path is "/v2" or "/v2/")
            return new StagingResponse(200, "OK");
        var parts = request.Path.StartsWith("/v2/", StringComparison.Ordinal) ? request.Path[4..].Split('/') : [];
        return (request.Method, parts) switch
        {
            ("GET" or "HEAD", [.. var name, "manifests", var reference]) => Manifest(string.Join('/', name), reference),
            ("GET" or "HEAD", [.., "blobs", var digest]) => Blob(Uri.UnescapeDataString(digest)),
            ("PUT", [.., "manifests", var reference]) => await PutManifestAsync(request, reference, cancellationToken),
            ("POST", [.., "blobs", "uploads", ""] or [.., "blobs", "uploads"]) => await PostAsync(request, cancellationToken),
            ("PATCH", [.., "blobs", "uploads", var id]) => await PatchAsync(request, id, cancellationToken),
            ("PUT", [.., "blobs", "uploads", var id]) => await PutBlobAsync(request, id, cancellationToken),
            ("GET" or "HEAD" or "PUT" or "POST" or "PATCH", _) =>
                StagingResponse.Error(404, "Not Found", "NAME_UNKNOWN", "There is nothing here."),
            _ => StagingResponse.Error(405, "Method Not Allowed", "UNSUPPORTED", "This registry takes and gives, nothing else."),
        };
    }

    private StagingResponse Manifest(string name, string reference)
    {
        var found = name == _base.Repository && _manifests.TryGetValue(reference, out var known) ? known : _uploads.Manifest(reference);
        return found is not { } manifest
            ? StagingResponse.Error(404, "Not Found", "MANIFEST_UNKNOWN", "No such manifest.")
            : new StagingResponse(200, "OK", manifest.MediaType, manifest.Bytes.Length)
            {
                Digest = Digest.Of(manifest.Bytes),
                OpenBodyAsync = _ => Task.FromResult<Stream>(new MemoryStream(manifest.Bytes, writable: false)),
            };
    }

    private StagingResponse Blob(string name)
    {
        if (!Digest.TryParse(name, out var digest))
            return StagingResponse.Error(400, "Bad Request", "DIGEST_INVALID", "That is no sha256 digest.");
        if (_blobs.TryGetValue(digest, out var blob))
            return Of(digest, blob.Size, blob.OpenAsync);
        return _uploads.Size(digest) is { } size
            ? Of(digest, size, _ => Task.FromResult(_uploads.Open(digest) ?? Stream.Null))
            : StagingResponse.Error(404, "Not Found", "BLOB_UNKNOWN", "No such blob.");
    }

    private static StagingResponse Of(Digest digest, long size, Func<CancellationToken, Task<Stream>> openAsync) =>
        new(200, "OK", "application/octet-stream", size) { Digest = digest, OpenBodyAsync = openAsync };

    private async Task<StagingResponse> PutManifestAsync(
        StagingRequest request, string reference, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > _limits.ManifestBytes)
                return StagingResponse.Error(413, "Content Too Large", "SIZE_INVALID", "The manifest is too large.");
            await bytes.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        var manifest = bytes.ToArray();
        var digest = Digest.Of(manifest);
        if (Digest.TryParse(reference, out var named) && named != digest)
            return StagingResponse.Error(400, "Bad Request", "DIGEST_INVALID", "The manifest has another digest.");
        return _uploads.AddManifest(reference, request.ContentType, manifest)
            ? new StagingResponse(201, "Created") { Digest = digest, Location = $"/v2/manifests/{digest}" }
            : TooMany();
    }

    private async Task<StagingResponse> PostAsync(StagingRequest request, CancellationToken cancellationToken)
    {
        // "mount" is answered as by a registry that cannot: what the base has counts as there anyway.
        if (_uploads.Begin() is not { } id)
            return TooMany();
        return request.QueryValue("digest") is null
            ? Accepted(request, id, 0)
            : await PutBlobAsync(request, id, cancellationToken);
    }

    private async Task<StagingResponse> PatchAsync(StagingRequest request, string id, CancellationToken cancellationToken) =>
        await _uploads.AppendAsync(id, request.Body, cancellationToken) is { } length ? Accepted(request, id, length) : NoUpload();

    private async Task<StagingResponse> PutBlobAsync(StagingRequest request, string id, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(request.QueryValue("digest"), out var digest))
            return StagingResponse.Error(400, "Bad Request", "DIGEST_INVALID", "That is no sha256 digest.");
        if (await _uploads.AppendAsync(id, request.Body, cancellationToken) is null)
            return NoUpload();
        return await _uploads.CompleteAsync(id, digest, cancellationToken)
            ? new StagingResponse(201, "Created") { Digest = digest, Location = $"/v2/blobs/{digest}" }
            : StagingResponse.Error(400, "Bad Request", "DIGEST_INVALID", "The blob has another digest.");
    }

    private static StagingResponse Accepted(StagingRequest request, string id, long length)
    {
        var name = request.Path[..request.Path.IndexOf("/blobs/uploads", StringComparison.Ordinal)];
        return new StagingResponse(202, "Accepted") { Location = $"{name}/blobs/uploads/{id}", Received = length };
    }

    private static StagingResponse NoUpload() =>
        StagingResponse.Error(404, "Not Found", "BLOB_UPLOAD_UNKNOWN", "No such upload, or it is too large.");

    private static StagingResponse TooMany() =>
        StagingResponse.Error(429, "Too Many Requests", "TOOMANYREQUESTS", "Too many uploads.");
}
