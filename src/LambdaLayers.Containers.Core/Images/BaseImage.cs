using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>The image that layers go on top of, for one platform.</summary>
/// <param name="OpenBlobAsync">Opens one of its layers or its config, verified.</param>
internal sealed record BaseImage(
    Platform Platform,
    ImageManifest Manifest,
    ImageConfig Config,
    Func<Descriptor, CancellationToken, Task<Stream>> OpenBlobAsync)
{
    /// <summary>What <c>ContainerBaseImage</c> is set to for an empty base.</summary>
    public const string ScratchName = "scratch";

    /// <summary>The digest of the image or index that the reference means; null for scratch, which is nowhere.</summary>
    public Digest? PinnedDigest { get; init; }

    /// <summary>An image of a registry.</summary>
    public static BaseImage From(RemoteImage image) =>
        new(image.Platform, image.Manifest, image.Config, image.OpenBlobAsync) { PinnedDigest = image.PinnedDigest };

    /// <summary>
    /// An empty base. Docker's manifest family, because that is what AWS's own base images are, and so what Lambda has
    /// seen most.
    /// </summary>
    public static BaseImage Scratch(Platform platform) => Scratch(platform, ManifestFamily.Docker);

    /// <summary>An empty base of a certain family.</summary>
    public static BaseImage Scratch(Platform platform, ManifestFamily family)
    {
        var config = ImageConfig.Empty(platform);
        return new BaseImage(platform, ImageManifest.Empty(family, config), config,
            (blob, _) => Task.FromException<Stream>(new InvalidOperationException($"scratch has no blob {blob.Digest}")));
    }
}
