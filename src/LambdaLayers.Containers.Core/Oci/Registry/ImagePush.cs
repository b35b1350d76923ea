using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>What a push had to send.</summary>
/// <param name="Digest">Of the manifest or index that the tags name now.</param>
/// <param name="Blobs">Blobs sent.</param>
/// <param name="Bytes">Bytes of those.</param>
internal sealed record PushResult(Digest Digest, int Blobs, long Bytes);

/// <summary>
/// Puts images into a registry (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push), and sends only
/// what is missing there. The manifest under the tag is asked for first: when that is the image already, nothing else is
/// sent, so that a re-run succeeds where tags are immutable too; and what it lists is there. Blobs stream from where they
/// are to the registry, each in one PUT, since ECR and others are particular about chunks. The manifest comes last.
/// </summary>
internal sealed class ImagePush
{
    private const int ParallelRequests = 6;

    // Sending this much in vain takes about as long as asking whether it is there. Where the tag's manifest is known and does
    // not list the blob, it is very likely new, and asking pays off later.
    private const long SmallBlob = 1 << 20;
    private const long LikelyNewBlob = 16 << 20;

    // Repositories and what this push knows them to have.
    private readonly ConcurrentDictionary<(string Repository, Digest Blob), byte> _present = new();
    private readonly RegistryTransport _transport;
    private readonly BlobUpload _upload;
    private readonly IEngineLog _log;

    /// <param name="http">Stays the caller's to dispose.</param>
    /// <param name="credentials">Asked for what is meant for pushing.</param>
    public ImagePush(HttpTransport http, CredentialChain credentials, RegistryOptions options, IEngineLog log)
    {
        _log = log;
        _transport = new RegistryTransport(http, credentials, options with { Push = true });
        _upload = new BlobUpload(http, _transport);
    }

    /// <summary>
    /// Called when layers of which only a description was here have been made, before anything is sent; what it throws ends
    /// the push.
    /// </summary>
    public Func<CancellationToken, Task>? MadeAsync { get; init; }

    /// <summary>Uploads what is missing, then the manifests, and names the image or index by each tag.</summary>
    /// <param name="images">One, or those of <paramref name="index"/>.</param>
    /// <param name="index">Names the images; null for a single one.</param>
    /// <param name="targets">References of one repository, with a tag each; at least one.</param>
    public async Task<PushResult> RunAsync(
        IReadOnlyList<Image> images, ImageIndex? index, IReadOnlyList<ImageReference> targets,
        CancellationToken cancellationToken)
    {
        var root = index is null
            ? new Document(images[0].Manifest.MediaType, images[0].Manifest.Bytes, images[0].Digest)
            : new Document(index.MediaType, index.Bytes, index.Digest);
        var tagged = await Task.WhenAll(targets.Select(target => FindAsync(target, cancellationToken)));
        var missing = targets.Where((_, i) => tagged[i]?.Digest != root.Digest).ToList();
        var (blobs, bytes) = (0, 0L);
        if (missing.Count == 0)
        {
            _log.Normal($"{targets[0].Name} has {root.Digest.Short} already; nothing was pushed.");
        }
        else if (missing.Count == targets.Count)
        {
            (blobs, bytes) = await PushBlobsAsync(images, targets[0], Listed(tagged), cancellationToken);
            // By digest, for a registry takes an index only when it has what the index names.
            foreach (var image in index is null ? [] : images)
            {
                var child = new Document(image.Manifest.MediaType, image.Manifest.Bytes, image.Digest);
                await PutAsync(targets[0], child.Digest.ToString(), child, cancellationToken);
            }
        }

        foreach (var target in missing)
            await PutAsync(target, target.ManifestName, root, cancellationToken);
        return new PushResult(root.Digest, blobs, bytes);
    }

    // The manifest under a tag; null when there is none, or when it cannot be told.
    private async Task<Document?> FindAsync(ImageReference target, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            target, HttpMethod.Get, "manifests/" + target.ManifestName, $"the manifest of '{target}'")
        {
            Accept = MediaTypes.Manifests,
            // Whoever may push need not have the right to read.
            Expected = [HttpStatusCode.NotFound, HttpStatusCode.Forbidden],
        };
        var (response, bytes) = await _transport.ReadAsync(request, Limits.Default.ManifestBytes, cancellationToken);
        return response.IsSuccessStatusCode
            ? new Document(response.Content.Headers.ContentType?.MediaType ?? "", bytes, Digest.Of(bytes))
            : null;
    }

    // What the repository has for certain; null when no manifest says so.
    private static HashSet<Digest>? Listed(IEnumerable<Document?> tagged)
    {
        HashSet<Digest>? listed = null;
        foreach (var document in tagged.Where(document => MediaTypes.IsManifest(document?.MediaType)))
        {
            try
            {
                var manifest = ImageManifest.Parse(document!.Bytes, document.MediaType);
                (listed ??= []).UnionWith([manifest.Config.Digest, .. manifest.Layers.Select(layer => layer.Digest)]);
            }
            catch (FormatException)
            {
                // Somebody else's; it says nothing about ours.
            }
        }

        return listed;
    }

    private async Task<(int Blobs, long Bytes)> PushBlobsAsync(
        IReadOnlyList<Image> images, ImageReference repository, HashSet<Digest>? listed, CancellationToken cancellationToken)
    {
        var blobs = images.SelectMany(BlobsOf).DistinctBy(blob => blob.Digest)
            .Where(blob => listed?.Contains(blob.Digest) != true && !_present.ContainsKey((repository.Name, blob.Digest)))
            .ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = cancellationToken };
        var lazy = blobs.Where(blob => blob.IsLazy).ToList();
        var known = await MakeLazyAsync(lazy, repository, parallel);
        if (MadeAsync is not null && lazy.Exists(blob => !known.Contains(blob.Digest)))
            await MadeAsync(cancellationToken);
        var (count, bytes) = (0, 0L);
        await Parallel.ForEachAsync(
            blobs.Where(blob => !known.Contains(blob.Digest)),
            parallel,
            async (blob, token) =>
            {
                var asks = blob.Size > (listed is null ? SmallBlob : LikelyNewBlob);
                var isSent = !(asks && await _upload.HasAsync(repository, blob, token))
                    && await _upload.RunAsync(repository, blob, token);
                _present.TryAdd((repository.Name, blob.Digest), 0);
                if (!isSent)
                    return;
                Interlocked.Increment(ref count);
                Interlocked.Add(ref bytes, blob.Size);
            });
        return (count, bytes);
    }

    // What only a description is here of is made before anything is sent: should that fail, nothing was published. Gives what
    // the repository has already.
    private async Task<HashSet<Digest>> MakeLazyAsync(
        IEnumerable<UploadedBlob> blobs, ImageReference repository, ParallelOptions parallel)
    {
        var known = new ConcurrentBag<Digest>();
        await Parallel.ForEachAsync(
            blobs,
            parallel,
            async (blob, token) =>
            {
                if (await _upload.HasAsync(repository, blob, token))
                    known.Add(blob.Digest);
                else
                    await (await blob.OpenAsync(token)).DisposeAsync();
            });
        return [.. known];
    }

    private static IEnumerable<UploadedBlob> BlobsOf(Image image) =>
    [
        UploadedBlob.Of(image.Config.Bytes),
        .. image.Layers.Select(layer => new UploadedBlob(
            layer.Digest, layer.Size, layer.Origin.Image, layer.IsLazy, layer.OpenCompressedAsync)),
    ];

    private async Task PutAsync(
        ImageReference target, string name, Document document, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(target, HttpMethod.Put, $"manifests/{name}", $"the manifest for '{target}'")
        {
            OpenContentAsync = _ => Task.FromResult<HttpContent>(new ReadOnlyMemoryContent(document.Bytes)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(document.MediaType) },
            }),
        };
        using var done = await _transport.OpenAsync(request, cancellationToken);
    }

    /// <summary>A manifest or index, byte for byte.</summary>
    private sealed record Document(string MediaType, ReadOnlyMemory<byte> Bytes, Digest Digest);
}
