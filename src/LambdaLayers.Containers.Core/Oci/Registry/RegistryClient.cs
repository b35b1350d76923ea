using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A manifest or index as it came, checked against the digest it was asked for by.</summary>
/// <param name="MediaType">One of <see cref="MediaTypes.Manifests"/>.</param>
/// <param name="Digest">Computed from <paramref name="Bytes"/>.</param>
internal sealed record FetchedManifest(string MediaType, Digest Digest, ReadOnlyMemory<byte> Bytes)
{
    public bool IsIndex => MediaTypes.IsIndex(MediaType);
}

/// <summary>
/// Reads from image registries (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull). Nothing leaves
/// it that does not have the digest it was asked for by. Safe for concurrent use; one for a whole build shares its log-ins.
/// </summary>
/// <param name="http">Stays the caller's to dispose.</param>
internal sealed class RegistryClient(HttpTransport http, CredentialChain credentials, RegistryOptions options)
{
    private const string DigestHeader = "Docker-Content-Digest";
    private readonly RegistryTransport _transport = new(http, credentials, options);

    /// <summary>Fetches the manifest or index behind a tag or digest.</summary>
    public async Task<FetchedManifest> ResolveManifestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var what = $"the manifest of '{image}'";
        var request = new RegistryRequest(image, HttpMethod.Get, "manifests/" + image.ManifestName, what)
        {
            Accept = MediaTypes.Manifests,
        };
        var (response, bytes) = await _transport.ReadAsync(request, Limits.Default.ManifestBytes, cancellationToken);
        var actual = Digest.Of(bytes);
        if (image.Digest is { } pinned && pinned != actual)
            throw RegistryErrors.WrongDigest(image.Registry, what, pinned.ToString(), actual.ToString());
        var mediaType = ManifestType.Decide(image, response.Content.Headers.ContentType?.MediaType, bytes);
        if (StatedDigest(response.Headers) is { } stated && stated != actual)
            throw RegistryErrors.WrongDigest(image.Registry, what, stated.ToString(), actual.ToString());
        return new FetchedManifest(mediaType, actual, bytes);
    }

    /// <summary>
    /// A blob of the image's repository, verified as it is read: see <see cref="VerifiedStream"/>. The transfer has begun
    /// when this returns.
    /// </summary>
    public async Task<Stream> GetBlobAsync(ImageReference image, Descriptor blob, CancellationToken cancellationToken)
    {
        var stream = new VerifiedStream(http, NewTransfer(image, blob, Limits.Default.BlobBytes));
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

    /// <summary>Brings a whole blob into <paramref name="file"/>, which can be begun again: the safest way to get one.</summary>
    public Task CopyBlobAsync(ImageReference image, Descriptor blob, Stream file, CancellationToken cancellationToken) =>
        VerifiedStream.CopyAsync(http, NewTransfer(image, blob, Limits.Default.BlobBytes), file, cancellationToken);

    /// <summary>A small blob as a whole, an image's config for one.</summary>
    public async Task<byte[]> ReadBlobAsync(
        ImageReference image, Descriptor blob, int limit, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await VerifiedStream.CopyAsync(http, NewTransfer(image, blob, limit), memory, cancellationToken);
        return memory.ToArray();
    }

    /// <summary>
    /// Asks whether the repository holds a blob. Throws when it does not, and when it cannot be told.
    /// </summary>
    public async Task DemandBlobAsync(ImageReference image, Digest blob, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(image, HttpMethod.Head, $"blobs/{blob}", $"the blob {blob} of '{image.Name}'");
        using var response = await _transport.OpenAsync(request, cancellationToken);
    }

    private Transfer NewTransfer(ImageReference image, Descriptor blob, long limit)
    {
        var what = $"the blob {blob.Digest} of '{image.Name}'";
        if (blob.Size > limit)
            throw RegistryErrors.TooLarge(image.Registry, what, $"{limit}");
        var request = new RegistryRequest(image, HttpMethod.Get, $"blobs/{blob.Digest}", what) { Blob = blob };
        return new Transfer(
            what,
            blob.Digest,
            (range, token) => _transport.SendAsync(request with { Range = range }, token),
            failure => RegistryErrors.Of(image.Registry, what, failure))
        {
            Size = blob.Size,
            Progress = $"Downloading {blob.Digest.Short} of {image.Name}",
        };
    }

    private static Digest? StatedDigest(HttpResponseHeaders headers) =>
        headers.TryGetValues(DigestHeader, out var values) && Digest.TryParse(values.First(), out var digest) ? digest : null;
}
