using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// An image for one platform: its config, its layers and the manifest that names both. Pulled, composed, staged, finished,
/// verified, pushed and archived images are all of this type. Immutable; each change gives a new one whose manifest and
/// config agree.
/// </summary>
internal sealed class Image
{
    /// <summary>What <c>ContainerBaseImage</c> is set to for an empty base.</summary>
    public const string ScratchName = "scratch";

    /// <param name="manifest">Names <paramref name="config"/> and <paramref name="layers"/> by digest.</param>
    /// <param name="config">The image's configuration.</param>
    /// <param name="layers">Bottom first, one for each of the manifest's.</param>
    public Image(ImageManifest manifest, ImageConfig config, IReadOnlyList<Layer> layers)
    {
        if (manifest.Layers.Count != layers.Count)
            throw new FormatException($"it has {layers.Count} layers, its manifest names {manifest.Layers.Count}");
        (Manifest, Config, Layers) = (manifest, config, layers);
        Platform = config.Platform ?? Platform.LinuxAmd64;
    }

    public ImageManifest Manifest { get; }

    public ImageConfig Config { get; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The layers that the base image did not bring.</summary>
    public IEnumerable<Layer> AddedLayers => Layers.Where(layer => !layer.Origin.IsBase);

    /// <summary>What it runs on.</summary>
    public Platform Platform { get; init; }

    /// <summary>Digest of the manifest.</summary>
    public Digest Digest => Manifest.Digest;

    /// <summary>What it was pulled by; null for an image that is in no registry.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>
    /// The digest that the tag it was pulled by led to: the manifest's, or that of an index. Null for an image that is in no
    /// registry.
    /// </summary>
    public Digest? PinnedDigest { get; init; }

    /// <summary>This image as an entry of an index.</summary>
    public Descriptor Descriptor => Manifest.Descriptor with { Platform = Platform };

    /// <summary>
    /// An image without layers. Docker's manifest family unless said otherwise: that is what AWS's own base images are, and
    /// so what Lambda has seen most.
    /// </summary>
    public static Image Empty(Platform platform, ManifestFamily family = ManifestFamily.Docker)
    {
        var config = ImageConfig.Empty(platform);
        return new Image(ImageManifest.Empty(family, config), config, []) { Platform = platform };
    }

    /// <summary>The same image in a family's media types; no blob changes.</summary>
    public Image In(ManifestFamily family) => family == Manifest.Family
        ? this
        : With(Manifest.In(family), Config, [.. Layers.Select(layer => layer.In(family))]);

    /// <summary>
    /// The same image with <paramref name="layers"/> on top, typed as its family spells them. Each gets a line of history with
    /// a fixed time: the real one would make another image of the same inputs.
    /// </summary>
    public Image WithLayers(IReadOnlyList<Layer> layers, DateTimeOffset created)
    {
        if (layers.Count == 0)
            return this;
        var typed = layers.Select(layer => layer.In(Manifest.Family)).ToList();
        var config = Config.WithLayers(typed, created);
        return With(Manifest.WithLayers(typed).WithConfig(config), config, [.. Layers, .. typed]);
    }

    /// <summary>The same layers under another configuration.</summary>
    public Image WithConfig(ImageConfig config) => With(Manifest.WithConfig(config), config, Layers);

    private Image With(ImageManifest manifest, ImageConfig config, IReadOnlyList<Layer> layers) =>
        new(manifest, config, layers) { Platform = Platform, Reference = Reference, PinnedDigest = PinnedDigest };
}
