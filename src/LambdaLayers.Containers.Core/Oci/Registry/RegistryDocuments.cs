using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Manifests and configs of images, kept in the cache by digest: an image that is pinned by digest can be described again
/// without its registry.
/// </summary>
/// <param name="cache">Null to fetch everything anew.</param>
internal sealed class RegistryDocuments(RegistryClient client, ContentCache? cache)
{
    /// <inheritdoc cref="RegistryClient.ResolveManifestAsync"/>
    public async Task<FetchedManifest> ResolveManifestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (image.Digest is { } digest && await ReadAsync(digest, Limits.Default.ManifestBytes, cancellationToken) is { } bytes)
            return new FetchedManifest(ManifestType.Decide(image, null, bytes), digest, bytes);
        var fetched = await client.ResolveManifestAsync(image, cancellationToken);
        // One whose type only the registry knows is not worth keeping: it would come out as another type.
        if (ManifestType.Decide(image, null, fetched.Bytes.Span) == fetched.MediaType)
            await KeepAsync(fetched.Digest, fetched.Bytes, cancellationToken);
        return fetched;
    }

    /// <inheritdoc cref="RegistryClient.ReadBlobAsync"/>
    public async Task<byte[]> ReadBlobAsync(
        ImageReference image, Descriptor blob, int limit, CancellationToken cancellationToken)
    {
        if (await ReadAsync(blob.Digest, limit, cancellationToken) is { } known && known.Length == blob.Size)
            return known;
        var bytes = await client.ReadBlobAsync(image, blob, limit, cancellationToken);
        await KeepAsync(blob.Digest, bytes, cancellationToken);
        return bytes;
    }

    private async Task<byte[]?> ReadAsync(Digest digest, int limit, CancellationToken cancellationToken)
    {
        if (cache is null)
            return null;
        await using var file = await cache.TryOpenAsync(digest, cancellationToken);
        if (file is null || file.Length > limit)
            return null;
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private async Task KeepAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (cache is null)
            return;
        using var file = cache.CreateTemporary();
        await file.Stream.WriteAsync(bytes, cancellationToken);
        cache.Commit(file, digest);
    }
}
