using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Reads the fingerprint label of an image that a function runs.</summary>
internal sealed class ReadFingerprint(RegistryClient registry, IEngineLog log)
{
    /// <summary>The label's value; null when there is none, or when the image cannot be read: then it counts as another.</summary>
    public async Task<string?> RunAsync(string imageUri, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(imageUri, out var image))
            return null;
        try
        {
            var fetched = await registry.ResolveManifestAsync(image, cancellationToken);
            if (fetched.IsIndex)
                return null;
            var manifest = ImageManifest.Parse(fetched.Bytes, fetched.MediaType);
            var bytes = await registry.ReadBlobAsync(image, manifest.Config, Limits.Default.ConfigBytes, cancellationToken);
            return ImageConfig.Parse(bytes).Labels.GetValueOrDefault(ImageFingerprint.Label);
        }
        catch (Exception e) when (e is LayersException or FormatException)
        {
            log.Low($"The image {image} that the function runs cannot be read: {e.Message}");
            return null;
        }
    }
}
