using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Keeps the base image at the digest that its tag had when the lock file was written (LambdaLayersLockBaseImage). A
/// reference that names its digest needs no lock.
/// </summary>
internal sealed class PinBaseImage(LockFile lockFile, ImagePuller puller)
{
    /// <summary>The reference to pull: with the locked digest, where there is one.</summary>
    public ImageReference Apply(ImageReference image) =>
        image.Digest is null && lockFile.TryGet(LockKind.Base, image.ToString()) is { } entry
            ? image.WithDigest(entry.Digest)
            : image;

    /// <summary>Looks up anew what the locked tags mean (UpdateLambdaLayers).</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in lockFile.All(LockKind.Base))
        {
            if (!ImageReference.TryParse(entry.Include, out var image))
                continue;
            var platforms = entry.Platforms.Keys
                .Select(text => Platform.TryParse(text, out var platform) ? platform : Platform.LinuxAmd64).ToList();
            Record(image, await puller.PullAsync(image, platforms, cancellationToken));
        }
    }

    /// <summary>Records what was pulled.</summary>
    /// <param name="image">As the project names it.</param>
    public void Record(ImageReference image, IReadOnlyList<Image> pulled)
    {
        if (image.Digest is not null)
            return;
        lockFile.Set(new LockEntry(LockKind.Base, image.ToString(), pulled[0].Reference!.ToString(), pulled[0].PinnedDigest!)
        {
            Platforms = new SortedDictionary<string, Digest>(
                pulled.ToDictionary(i => i.Platform.ToString(), i => i.Manifest.Digest), StringComparer.Ordinal),
        });
    }
}
