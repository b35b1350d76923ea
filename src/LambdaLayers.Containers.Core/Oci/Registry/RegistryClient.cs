using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Reads from image registries (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull). Nothing
/// leaves
/// it that does not have the digest it was asked for by. Safe for concurrent use; one for a whole build shares its
/// log-ins.
/// </summary>
internal sealed class RegistryClient
{
    private const string DigestHeader = "Docker-Content-Digest";
    private readonly RegistryTransport _transport;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;

    /// <param name="http">Stays the caller's to dispose.</param>
    public RegistryClient(RegistryHttp http, CredentialChain credentials, RegistryOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _transport = new RegistryTransport(http, credentials, options, time);
    }

    /// <summary>Fetches the manifest or index behind a tag or digest.</summary>
    public async Task<FetchedManifest> ResolveManifestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var what = $"the manifest of '{image}'";
        var request = new RegistryRequest(image, HttpMethod.Get, "manifests/" + image.ManifestName, what)
        {
            Accept = MediaTypes.Manifests,
        };
        var (headers, responseHeaders, bytes) = await _transport.ReadAsync(request, Limits.Default.ManifestBytes, cancellationToken);
        var actual = Digest.Of(bytes);
        if (image.Digest is { } pinned && pinned != actual)
            throw RemoteErrors.WrongDigest(image.Registry, what, pinned.ToString(), actual.ToString());
        var mediaType = ManifestType.Decide(image, headers.ContentType?.MediaType, bytes);
        if (StatedDigest(responseHeaders) is { } stated && stated != actual)
            throw RemoteErrors.WrongDigest(image.Registry, what, stated.ToString(), actual.ToString());
        return new FetchedManifest(mediaType, actual, bytes);
    }

    /// <summary>
    /// The digest that a tag means now, by HEAD (which rate limits usually do not count); by GET where a registry does
    /// not
    /// say it. It is the registry's word only: fetch by it before use.
    /// </summary>
    public async Task<Digest> ResolveDigestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(image, HttpMethod.Head, "manifests/" + image.ManifestName, $"the digest of '{image}'")
        {
            Accept = MediaTypes.Manifests,
        };
        using var response = await _transport.OpenAsync(request, cancellationToken);
        return StatedDigest(response.Headers) ?? (await ResolveManifestAsync(image, cancellationToken)).Digest;
    }

    /// <summary>
    /// A blob of the image's repository, verified as it is read: see <see cref="VerifiedBlobStream"/>. The transfer has
    /// begun when this returns.
    /// </summary>
    public async Task<Stream> GetBlobAsync(ImageReference image, Descriptor blob, CancellationToken cancellationToken)
    {
        var source = new BlobSource(_transport, image, blob);
        if (blob.Size > Limits.Default.BlobBytes)
            throw RemoteErrors.TooLarge(image.Registry, source.What, Limits.Default.BlobBytes);
        var stream = new VerifiedBlobStream(source, _options, _time);
        try
        {
            await stream.OpenAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A small blob as a whole, an image's config for one.</summary>
    public async Task<byte[]> ReadBlobAsync(
        ImageReference image, Descriptor blob, int limit, CancellationToken cancellationToken)
    {
        if (blob.Size > limit)
            throw RemoteErrors.TooLarge(image.Registry, $"the blob {blob.Digest} of '{image.Name}'", limit);
        await using var stream = await GetBlobAsync(image, blob, cancellationToken);
        var bytes = new byte[blob.Size];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>
    /// Asks whether the repository holds a blob. Throws when it does not, and when it cannot be told.
    /// </summary>
    public async Task DemandBlobAsync(ImageReference image, Digest blob, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(image, HttpMethod.Head, $"blobs/{blob}", $"the blob {blob} of '{image.Name}'");
        using var response = await _transport.OpenAsync(request, cancellationToken);
    }

    private static Digest? StatedDigest(HttpResponseHeaders headers) =>
        headers.TryGetValues(DigestHeader, out var values) && Digest.TryParse(values.First(), out var digest) ? digest : null;
}
