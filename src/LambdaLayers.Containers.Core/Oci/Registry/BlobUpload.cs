using System.Net;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A config, a layer or an artifact's content on its way to a registry.</summary>
/// <param name="Digest">Of its bytes.</param>
/// <param name="Size">Number of its bytes.</param>
/// <param name="From">An image that holds it.</param>
/// <param name="IsLazy">Whether it is only made when it is opened.</param>
/// <param name="OpenAsync">Opens the bytes; may be called again.</param>
internal sealed record UploadedBlob(
    Digest Digest, long Size, ImageReference? From, bool IsLazy, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>A blob in memory.</summary>
    public static UploadedBlob Of(ReadOnlyMemory<byte> bytes) => new(
        Digest.Of(bytes.Span), bytes.Length, null, false,
        _ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)));
}

/// <summary>
/// Brings one blob into a repository: mounted from another of the registry's, or in one PUT; by PATCH where a registry wants
/// that.
/// </summary>
/// <param name="http">For the progress of a slow transfer.</param>
/// <param name="transport">Signs in for pushing.</param>
internal sealed class BlobUpload(HttpTransport http, RegistryTransport transport)
{
    // What registries without mounts between repositories answer, and those that do not let us read the other one.
    private static readonly HttpStatusCode[] NoMount =
    [
        HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
        HttpStatusCode.MethodNotAllowed,
    ];

    // What registries answer that only take content by PATCH.
    private static readonly HttpStatusCode[] NoMonolith =
    [
        HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.LengthRequired,
        HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.NotImplemented,
    ];

    /// <summary>Whether the repository has the blob.</summary>
    public async Task<bool> HasAsync(ImageReference repository, UploadedBlob blob, CancellationToken cancellationToken)
    {
        var request = NewRequest(repository, blob, HttpMethod.Head, $"blobs/{blob.Digest}") with
        {
            Expected = [HttpStatusCode.NotFound],
        };
        using var response = await transport.OpenAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <summary>
    /// Whether anything had to be sent. A session that failed is not gone on with: a retry begins a new one.
    /// </summary>
    public Task<bool> RunAsync(ImageReference repository, UploadedBlob blob, CancellationToken cancellationToken)
    {
        var progress = http.NewProgress($"Pushing {blob.Digest.Short} to {repository.Name}", blob.Size);
        return transport.RetryAsync(
            NewRequest(repository, blob, HttpMethod.Post, "blobs/uploads/"),
            async token =>
            {
                if (await BeginAsync(repository, blob, token) is not { } session)
                    return false;
                if (!await PutWholeAsync(repository, blob, session, progress, token))
                    await PatchAsync(repository, blob, progress, token);
                return true;
            },
            cancellationToken);
    }

    // Begins an upload, or lets the registry take the blob from a repository of its own: null then. Mounting from the target
    // itself costs nothing, and says whether the blob is there already.
    private async Task<Uri?> BeginAsync(ImageReference repository, UploadedBlob blob, CancellationToken cancellationToken)
    {
        var from = blob.From is { } image && image.Registry == repository.Registry ? image.Repository : repository.Repository;
        var mount = NewRequest(
            repository, blob, HttpMethod.Post,
            $"blobs/uploads/?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(from)}") with
        {
            Expected = NoMount,
        };
        using (var response = await transport.SendAsync(mount, cancellationToken))
        {
            if (response.StatusCode == HttpStatusCode.Created)
                return null;
            if (response.IsSuccessStatusCode)
                return await transport.FollowAsync(mount, response, cancellationToken);
        }

        return await StartAsync(repository, blob, cancellationToken);
    }

    private async Task<Uri> StartAsync(ImageReference repository, UploadedBlob blob, CancellationToken cancellationToken)
    {
        var request = NewRequest(repository, blob, HttpMethod.Post, "blobs/uploads/");
        using var response = await transport.SendAsync(request, cancellationToken);
        return await transport.FollowAsync(request, response, cancellationToken);
    }

    // False when the registry wants it by PATCH.
    private async Task<bool> PutWholeAsync(
        ImageReference repository, UploadedBlob blob, Uri session, TransferProgress progress, CancellationToken cancellationToken)
    {
        var request = NewRequest(repository, blob, HttpMethod.Put, "") with
        {
            Address = WithDigest(session, blob.Digest),
            OpenContentAsync = async token => new UploadContent(await blob.OpenAsync(token), blob.Size, progress),
            Expected = NoMonolith,
        };
        using var response = await transport.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private async Task PatchAsync(
        ImageReference repository, UploadedBlob blob, TransferProgress progress, CancellationToken cancellationToken)
    {
        var session = await StartAsync(repository, blob, cancellationToken);
        var patch = NewRequest(repository, blob, HttpMethod.Patch, "") with
        {
            Address = session,
            OpenContentAsync = async token =>
            {
                var content = new UploadContent(await blob.OpenAsync(token), blob.Size, progress);
                if (blob.Size > 0)
                    content.Headers.TryAddWithoutValidation("Content-Range", $"0-{blob.Size - 1}");
                return content;
            },
        };
        // 202 by the specification, 201 from ECR.
        using (var response = await transport.SendAsync(patch, cancellationToken))
        {
            if (response.Headers.Location is not null)
                session = await transport.FollowAsync(patch, response, cancellationToken);
        }

        var close = NewRequest(repository, blob, HttpMethod.Put, "") with
        {
            Address = WithDigest(session, blob.Digest),
            OpenContentAsync = static _ => Task.FromResult<HttpContent>(new ByteArrayContent([])),
        };
        using var done = await transport.SendAsync(close, cancellationToken);
    }

    private static RegistryRequest NewRequest(ImageReference repository, UploadedBlob blob, HttpMethod method, string path) =>
        new(repository, method, path, $"the blob {blob.Digest} for '{repository.Name}'");

    private static Uri WithDigest(Uri session, Digest digest)
    {
        var separator = session.Query.Length == 0 ? '?' : '&';
        return new Uri($"{session.AbsoluteUri}{separator}digest={Uri.EscapeDataString(digest.ToString())}");
    }
}
