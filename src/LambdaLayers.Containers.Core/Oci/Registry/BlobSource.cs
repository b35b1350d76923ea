using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Opens the transfer of one blob, from the beginning or from the middle.</summary>
internal sealed class BlobSource(RegistryTransport transport, ImageReference image, Descriptor blob)
{
    public Descriptor Blob => blob;

    public string Host => image.Registry;

    public string What => $"the blob {blob.Digest} of '{image.Name}'";

    /// <summary>An answer, and how many bytes to skip because the server did not honour the range.</summary>
    public async Task<(HttpResponseMessage Response, long Skip)> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(image, HttpMethod.Get, $"blobs/{blob.Digest}", What) { Blob = blob, Offset = offset };
        var response = await transport.OpenAsync(request, cancellationToken);
        try
        {
            return (response, Check(response, offset));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private long Check(HttpResponseMessage response, long offset)
    {
        var length = response.Content.Headers.ContentLength;
        if (response.StatusCode is not HttpStatusCode.PartialContent)
            return length is null || length == blob.Size ? offset : throw WrongSize($"{length} bytes");

        var range = response.Content.Headers.ContentRange;
        if (offset == 0 || range?.From != offset || (range.Length is { } whole && whole != blob.Size))
            throw WrongSize($"the range '{range}'");
        return 0;
    }

    private LayersException WrongSize(string actual) => RemoteErrors.WrongSize(Host, What, blob.Size, actual);
}
