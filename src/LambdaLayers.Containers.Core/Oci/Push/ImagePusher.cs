using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Loopback;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Oci.Push;

/// <summary>
/// Puts an image that the SDK does not make into a registry
/// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push). Every blob goes in one PUT: ECR and others
/// are particular about chunks. What the registry has already is not sent.
/// </summary>
internal sealed class ImagePusher
{
    private const int ParallelUploads = 3;
    private readonly RegistryTransport _transport;

    /// <param name="http">Stays the caller's to dispose.</param>
    public ImagePusher(HttpTransport http, CredentialChain credentials, RegistryOptions options) =>
        _transport = new RegistryTransport(http, credentials, options with { Push = true });

    /// <summary>Uploads what is missing, then the manifests, and names the root by each tag of <paramref name="targets"/>.</summary>
    /// <param name="image">The image or index.</param>
    /// <param name="targets">References of one repository, with a tag each; at least one.</param>
    public async Task PushAsync(
        ServedImage image, IReadOnlyList<ImageReference> targets, CancellationToken cancellationToken)
    {
        var repository = targets[0];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelUploads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(image.Blobs.DistinctBy(b => b.Digest), parallel,
            async (blob, token) => await PushBlobAsync(repository, blob, token));
        foreach (var manifest in image.Manifests)
            await PushManifestAsync(repository, manifest.Digest.ToString(), manifest, cancellationToken);
        foreach (var target in targets)
            await PushManifestAsync(target, target.ManifestName, image.Root, cancellationToken);
    }

    private async Task PushBlobAsync(ImageReference repository, ServedBlob blob, CancellationToken cancellationToken)
    {
        var what = $"layer {blob.Digest} for '{repository.Name}'";
        var question = new RegistryRequest(repository, HttpMethod.Head, $"blobs/{blob.Digest}", what)
        {
            Expected = [HttpStatusCode.NotFound],
        };
        using (var known = await _transport.OpenAsync(question, cancellationToken))
        {
            if (known.StatusCode != HttpStatusCode.NotFound)
                return;
        }

        // As one: when the second fails, what was begun cannot always be gone on with.
        var start = new RegistryRequest(repository, HttpMethod.Post, "blobs/uploads/", what);
        using var done = await _transport.RetryAsync(
            start,
            async token =>
            {
                using var session = await _transport.SendAsync(start, token);
                var address = await _transport.FollowAsync(start, session, token);
                return await _transport.SendAsync(Finish(start, address, blob), token);
            },
            cancellationToken);
    }

    private static RegistryRequest Finish(RegistryRequest start, Uri session, ServedBlob blob)
    {
        var separator = session.Query.Length == 0 ? '?' : '&';
        return start with
        {
            Method = HttpMethod.Put,
            Address = new Uri($"{session.AbsoluteUri}{separator}digest={Uri.EscapeDataString(blob.Digest.ToString())}"),
            OpenContentAsync = async token => new UploadContent(await blob.OpenAsync(token), blob.Size),
        };
    }

    private async Task PushManifestAsync(
        ImageReference target, string name, ServedManifest manifest, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(target, HttpMethod.Put, $"manifests/{name}", $"the manifest for '{target}'")
        {
            OpenContentAsync = _ => Task.FromResult<HttpContent>(Body(manifest)),
        };
        using var done = await _transport.OpenAsync(request, cancellationToken);
    }

    private static ByteArrayContent Body(ServedManifest manifest) => new(manifest.Content)
    {
        Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) },
    };
}
