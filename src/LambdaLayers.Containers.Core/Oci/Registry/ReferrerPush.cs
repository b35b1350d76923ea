using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Puts a document about an image beside it
/// (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject): found through
/// the referrers API, or through a tag where the registry has none. One that is there already is not sent again.
/// </summary>
internal sealed class ReferrerPush
{
    // By these a registry says that it knows no such API.
    private static readonly HttpStatusCode[] NoApi =
        [HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotImplemented];

    private readonly RegistryTransport _transport;
    private readonly BlobUpload _upload;
    private readonly IEngineLog _log;

    /// <inheritdoc cref="ImagePush(HttpTransport, CredentialChain, RegistryOptions, IEngineLog)"/>
    public ReferrerPush(HttpTransport http, CredentialChain credentials, RegistryOptions options, IEngineLog log)
    {
        _log = log;
        _transport = new RegistryTransport(http, credentials, options with { Push = true });
        _upload = new BlobUpload(http, _transport);
    }

    /// <summary>Whether anything had to be sent.</summary>
    /// <param name="referrer">The document; its subject is in the repository.</param>
    /// <param name="repository">The image's repository.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<bool> RunAsync(Referrer referrer, ImageReference repository, CancellationToken cancellationToken)
    {
        var type = Uri.EscapeDataString(referrer.ArtifactType);
        var known = await ReadAsync(
            repository, $"referrers/{referrer.Subject.Digest}?artifactType={type}", NoApi, cancellationToken)
            ?? await ReadFallbackAsync(referrer, repository, cancellationToken);
        if (known is { } list && Understand(referrer, repository, () => referrer.IsIn(list)))
        {
            _log.Normal($"{repository.Name} has the document about {referrer.Subject.Digest.Short} already.");
            return false;
        }

        foreach (var content in new[] { Referrer.EmptyConfig, referrer.Content })
            await _upload.RunAsync(repository, UploadedBlob.Of(content), cancellationToken);
        var stored = await PutAsync(
            repository, referrer.Digest.ToString(), MediaTypes.OciManifest, referrer.Manifest, cancellationToken);
        if (stored != referrer.Subject.Digest.ToString())
            await AddToFallbackAsync(referrer, repository, cancellationToken);
        _log.Normal($"Attached {referrer.ArtifactType} to {repository.Name}@{referrer.Subject.Digest.Short}.");
        return true;
    }

    // The registry did not say that it has noticed the subject, so that keeping the list is ours.
    private async Task AddToFallbackAsync(Referrer referrer, ImageReference repository, CancellationToken cancellationToken)
    {
        var list = await ReadFallbackAsync(referrer, repository, cancellationToken);
        var changed = Understand(referrer, repository, () => referrer.AddTo(list));
        await PutAsync(repository, referrer.FallbackTag, MediaTypes.OciIndex, changed, cancellationToken);
    }

    private Task<ReadOnlyMemory<byte>?> ReadFallbackAsync(
        Referrer referrer, ImageReference repository, CancellationToken cancellationToken) =>
        ReadAsync(repository, $"manifests/{referrer.FallbackTag}", [HttpStatusCode.NotFound], cancellationToken);

    // Null when there is none.
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(
        ImageReference repository, string path, IReadOnlyList<HttpStatusCode> none, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(repository, HttpMethod.Get, path, $"what refers to images of '{repository.Name}'")
        {
            Accept = [MediaTypes.OciIndex],
            Expected = none,
        };
        var (response, bytes) = await _transport.ReadAsync(request, Limits.Default.ManifestBytes, cancellationToken);
        return response.IsSuccessStatusCode ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);
    }

    // The subject that the registry has noticed; null when it has noticed none.
    private async Task<string?> PutAsync(
        ImageReference repository, string name, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            repository, HttpMethod.Put, $"manifests/{name}", $"what refers to images of '{repository.Name}'")
        {
            OpenContentAsync = _ => Task.FromResult<HttpContent>(new ReadOnlyMemoryContent(bytes)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(mediaType) },
            }),
        };
        using var response = await _transport.OpenAsync(request, cancellationToken);
        return response.Headers.TryGetValues("OCI-Subject", out var subjects) ? subjects.First() : null;
    }

    private static T Understand<T>(Referrer referrer, ImageReference repository, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw RegistryErrors.BadReferrers(repository, referrer.FallbackTag, e.Message);
        }
    }
}
