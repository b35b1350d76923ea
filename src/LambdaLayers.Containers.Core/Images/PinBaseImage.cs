using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// Keeps the base image at the digest that its tag had when the lock file was written (LambdaLayersLockBaseImage). A
/// reference that names its digest needs no lock.
/// </summary>
internal sealed class PinBaseImage(LockFile lockFile)
{
    /// <summary>The reference to pull: with the locked digest, where there is one and no new one is asked for.</summary>
    public ImageReference Apply(ImageReference image, bool refresh)
    {
        if (image.Digest is not null)
            return image;
        var entry = lockFile.TryGet(LockKind.Base, image.ToString());
        return entry is null || refresh ? image : image.WithDigest(entry.Digest);
    }

    /// <summary>Records what was pulled.</summary>
    /// <param name="image">As the project names it.</param>
    public void Record(ImageReference image, IReadOnlyList<RemoteImage> pulled)
    {
        if (image.Digest is not null)
            return;
        lockFile.Set(new LockEntry(LockKind.Base, image.ToString(), pulled[0].Reference.ToString(), pulled[0].PinnedDigest)
        {
            Platforms = new SortedDictionary<string, Digest>(
                pulled.ToDictionary(i => i.Platform.ToString(), i => i.Manifest.Digest), StringComparer.Ordinal),
        });
    }
}
