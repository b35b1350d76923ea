using System.Net.Http.Headers;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Puts synthetic images into a registry with plain HTTP requests; needs no tool and no credentials.</summary>
public sealed class RegistryPusher : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="registry">The registry's root, such as <see cref="Registries.ITestRegistry.Uncounted"/>.</param>
    /// <param name="authorization">For registries that want one.</param>
    public RegistryPusher(Uri registry, AuthenticationHeaderValue? authorization = null)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = registry };
        _client.DefaultRequestHeaders.Authorization = authorization;
    }

    /// <summary>Pushes an image under a tag and gives its manifest's digest.</summary>
    public async Task<string> PushAsync(string repository, string tag, SyntheticImage image)
    {
        await PushContentAsync(repository, image);
        return await PushManifestAsync(repository, tag, MediaTypes.Manifest(image.Family), image.Manifest);
    }

    /// <summary>Pushes images (by digest) and the index over them under a tag; gives the index's digest.</summary>
    public async Task<string> PushIndexAsync(string repository, string tag, params IReadOnlyList<SyntheticImage> images)
    {
        foreach (var image in images)
        {
            await PushAsync(repository, image.Digest, image);
        }

        return await PushManifestAsync(
            repository, tag, MediaTypes.Index(images[0].Family), SyntheticImage.Index(images));
    }

    /// <summary>Pushes any bytes as a manifest under a tag or digest; gives their digest.</summary>
    public async Task<string> PushManifestAsync(
        string repository, string reference, string mediaType, ReadOnlyMemory<byte> manifest)
    {
        using var content = new ReadOnlyMemoryContent(manifest);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        using var response = await _client.PutAsync($"v2/{repository}/manifests/{reference}", content);
        await EnsureSuccess(response);
        return SyntheticLayer.Sha256(manifest.Span);
    }

    /// <summary>Pushes any bytes as a blob; gives their digest.</summary>
    public async Task<string> PushBlobAsync(string repository, ReadOnlyMemory<byte> blob)
    {
        var digest = SyntheticLayer.Sha256(blob.Span);
        using var started = await _client.PostAsync($"v2/{repository}/blobs/uploads/", null);
        await EnsureSuccess(started);
        var session = new Uri(_client.BaseAddress!, started.Headers.Location!).ToString();
        var separator = session.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var content = new ReadOnlyMemoryContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var finished = await _client.PutAsync($"{session}{separator}digest={Uri.EscapeDataString(digest)}", content);
        await EnsureSuccess(finished);
        return digest;
    }

    public void Dispose() => _client.Dispose();

    private async Task PushContentAsync(string repository, SyntheticImage image)
    {
        foreach (var layer in image.Layers)
        {
            await PushBlobAsync(repository, layer.Blob);
        }

        await PushBlobAsync(repository, image.Config);
    }

    private static async Task EnsureSuccess(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {(int)response.StatusCode} "
                + await response.Content.ReadAsStringAsync());
        }
    }
}
