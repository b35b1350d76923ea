using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// One image of a registry, its documents read and verified, its blobs opened when somebody wants them.
/// </summary>
/// <param name="Reference">As asked for, pinned to what the tag meant: the digest of the index where there is
/// one.</param>
/// <param name="Platform">What it was selected for.</param>
/// <param name="Manifest">Of this one platform.</param>
internal sealed record RemoteImage(
    ImageReference Reference, Platform Platform, ImageManifest Manifest, ImageConfig Config, RegistryClient Client)
{
    /// <summary>The digest that users pin: of the index where there is one, else of the manifest.</summary>
    public Digest PinnedDigest => Reference.Digest!;

    /// <summary>Config and layers: everything that this image's repository must have.</summary>
    public IEnumerable<Descriptor> Blobs => [Manifest.Config, .. Manifest.Layers];

    /// <summary>A blob of this image, verified as it is read.</summary>
    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        Client.GetBlobAsync(Reference, blob, cancellationToken);
}
