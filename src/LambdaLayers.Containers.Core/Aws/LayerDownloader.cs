using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Http;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>Brings the zip of a published layer into the cache.</summary>
internal sealed class LayerDownloader(HttpDownload download)
{
    /// <summary>
    /// Downloads unless the cache has it; <paramref name="resolver"/> gives fresh links when the one at hand has expired.
    /// Returns whether it had to be downloaded.
    /// </summary>
    public Task<bool> FetchAsync(
        ResolvedLayerVersion layer, LayerVersionResolver resolver, CancellationToken cancellationToken) =>
        download.FetchAsync(
            new DownloadRequest(
                $"{layer.Arn.LayerName}:{layer.Version}",
                layer.Digest,
                async (fresh, token) => fresh ? await RefreshAsync(layer, resolver, token) : layer.Location)
            {
                Size = layer.Size,
                LinksExpire = true,
            },
            cancellationToken);

    private static async Task<Uri> RefreshAsync(
        ResolvedLayerVersion layer, LayerVersionResolver resolver, CancellationToken cancellationToken)
    {
        var now = await resolver.ResolveAsync(layer.Arn, cancellationToken);
        return now.Digest == layer.Digest
            ? now.Location
            : throw LambdaErrors.LayerChanged(layer.Arn.ToString(), layer.Digest.ToString(), now.Digest.ToString());
    }
}
