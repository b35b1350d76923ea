using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Where the image goes. The SDK asks a registry for each blob before it wants it from us, so what is there already need
/// not be made; an archive or a daemon wants everything.
/// </summary>
/// <param name="client">Null for an archive or a daemon.</param>
/// <param name="repository">Null for an archive or a daemon.</param>
internal sealed class ImageDestination(RegistryClient? client, ImageReference? repository, IEngineLog log)
{
    /// <summary>Whether the blob is certainly there; a registry that refuses to say counts as one without it.</summary>
    public async Task<bool> HasAsync(Digest blob, CancellationToken cancellationToken)
    {
        if (client is null || repository is null)
            return false;
        try
        {
            await client.DemandBlobAsync(repository, blob, cancellationToken);
            return true;
        }
        catch (LayersException e)
        {
            log.Low($"{repository.Name} does not have {blob}, or does not say so ({e.Diagnostic.Code}).");
            return false;
        }
    }
}
