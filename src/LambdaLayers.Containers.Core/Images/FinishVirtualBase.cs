using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>What stands between a composed image and the hand-off: checks, the lock file, and the bytes that the SDK will want.</summary>
internal sealed class FinishVirtualBase(RegistryClient registry, LockFile lockFile, IEngineLog log)
{
    /// <param name="images">The images for all platforms of the publish.</param>
    /// <param name="runtime">The function's runtime; null when unknown.</param>
    /// <param name="destination">The repository that the image is pushed to; null for an archive or a daemon.</param>
    public async Task RunAsync(
        IReadOnlyList<Image> images, FunctionRuntime? runtime, ImageReference? destination,
        CancellationToken cancellationToken)
    {
        var checks = new CheckLayers(runtime, log);
        foreach (var image in images)
            checks.Run([.. image.AddedLayers], image.Platform);
        if (await lockFile.SaveAsync(cancellationToken))
            log.Normal("The lock file was written; commit it, so that every build takes the same layers.");
        var materialise = new MaterialiseLayers(new ImageDestination(registry, destination, log), log);
        await materialise.RunAsync(images.SelectMany(i => i.AddedLayers), cancellationToken);
    }
}
