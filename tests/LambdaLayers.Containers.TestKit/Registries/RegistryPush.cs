using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>Puts blobs and manifests into an open registry over plain HTTP, by the distribution spec.</summary>
internal static class RegistryPush
{
    /// <summary>Pushes an image under a tag.</summary>
    public static async Task PushAsync(string host, string repository, string tag, TestImage image)
    {
        foreach (var blob in image.Blobs)
            await PushBlobAsync(host, repository, blob);
        await PushManifestAsync(host, repository, tag, image.Manifest.MediaType, image.Manifest.Bytes);
    }

    /// <summary>Pushes one blob in one piece.</summary>
    public static async Task PushBlobAsync(string host, string repository, byte[] blob)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var opened = await client.PostAsync(new Uri($"http://{host}/v2/{repository}/blobs/uploads/"), null);
        opened.EnsureSuccessStatusCode();
        var location = new Uri(new Uri($"http://{host}"), opened.Headers.Location!);
        var digest = Uri.EscapeDataString(Digest.Of(blob).ToString());
        var target = new Uri($"{location}{(location.Query.Length > 0 ? "&" : "?")}digest={digest}");
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await client.PutAsync(target, content);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Pushes a manifest or an index.</summary>
    public static async Task PushManifestAsync(
        string host, string repository, string tag, string mediaType, ReadOnlyMemory<byte> bytes)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await client.PutAsync(new Uri($"http://{host}/v2/{repository}/manifests/{tag}"), content);
        response.EnsureSuccessStatusCode();
    }
}
