namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>
/// The read half of the distribution API for one image
/// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull).
/// </summary>
internal sealed class LoopbackRoutes
{
    private readonly ServedImage _image;
    private readonly Dictionary<string, ServedManifest> _manifests;
    private readonly Dictionary<string, ServedBlob> _blobs;

    public LoopbackRoutes(ServedImage image)
    {
        _image = image;
        _manifests = image.Manifests.Append(image.Root).DistinctBy(m => m.Digest)
            .ToDictionary(m => m.Digest.ToString(), StringComparer.Ordinal);
        _manifests.Add(image.Tag, image.Root);
        _blobs = image.Blobs.DistinctBy(b => b.Digest)
            .ToDictionary(b => b.Digest.ToString(), StringComparer.Ordinal);
    }

    /// <summary>The answer to a request; never throws for what a client sends.</summary>
    public HttpAnswer Answer(HttpRequestHead request)
    {
        if (request.Method is not ("GET" or "HEAD"))
            return HttpAnswer.Error(405, "Method Not Allowed", "UNSUPPORTED", "This registry is read-only.");
        if (request.Path is "/v2" or "/v2/")
            return new HttpAnswer(200, "OK", "application/json", 0);
        var prefix = $"/v2/{_image.Repository}/";
        if (!request.Path.StartsWith(prefix, StringComparison.Ordinal))
            return HttpAnswer.Error(404, "Not Found", "NAME_UNKNOWN", "This registry serves one repository.");
        return request.Path[prefix.Length..].Split('/') switch
        {
            ["manifests", var reference] when _manifests.TryGetValue(reference, out var manifest) => Of(manifest),
            ["blobs", var digest] when _blobs.TryGetValue(Uri.UnescapeDataString(digest), out var blob) => Of(blob),
            ["manifests", _] => HttpAnswer.Error(404, "Not Found", "MANIFEST_UNKNOWN", "No such manifest."),
            _ => HttpAnswer.Error(404, "Not Found", "BLOB_UNKNOWN", "No such blob."),
        };
    }

    private static HttpAnswer Of(ServedManifest manifest) =>
        new(200, "OK", manifest.MediaType, manifest.Content.Length)
        {
            Digest = manifest.Digest,
            OpenBodyAsync = _ => Task.FromResult<Stream>(new MemoryStream(manifest.Content, writable: false)),
        };

    private static HttpAnswer Of(ServedBlob blob) =>
        new(200, "OK", "application/octet-stream", blob.Size)
        {
            Digest = blob.Digest,
            OpenBodyAsync = blob.OpenAsync,
        };
}
