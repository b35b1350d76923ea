using System.IO.Compression;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// One layer of an image: how its manifest names it, and its content, which can always be opened again, whether it lies in
/// the cache, in a registry, or is made when somebody asks for it.
/// </summary>
/// <param name="descriptor">Media type, digest and size of the blob as it is stored.</param>
/// <param name="diffId">Digest of the uncompressed tar.</param>
/// <param name="origin">Where it came from.</param>
/// <param name="openAsync">Opens the blob; verified, may be called again.</param>
internal sealed class Layer(
    Descriptor descriptor, Digest diffId, LayerOrigin origin, Func<CancellationToken, Task<Stream>> openAsync)
{
    public Descriptor Descriptor => descriptor;

    public Digest Digest => descriptor.Digest;

    /// <summary>Bytes of the blob as it is stored.</summary>
    public long Size => descriptor.Size;

    /// <summary>Digest of the uncompressed tar.</summary>
    public Digest DiffId => diffId;

    public LayerOrigin Origin => origin;

    /// <summary>What is known of its files; <see cref="LayerFacts.Unknown"/> where nobody has looked.</summary>
    public LayerFacts Facts { get; init; } = LayerFacts.Unknown;

    /// <summary>Whether only its description is here: opening it fetches and packs it.</summary>
    public bool IsLazy { get; init; }

    /// <summary>Opens the blob as it is stored, making it first if it is not there.</summary>
    public Task<Stream> OpenCompressedAsync(CancellationToken cancellationToken) => openAsync(cancellationToken);

    /// <summary>Opens the tar of a gzip or uncompressed layer.</summary>
    public async Task<Stream> OpenUncompressedAsync(CancellationToken cancellationToken)
    {
        var blob = await openAsync(cancellationToken);
        return descriptor.Digest == diffId ? blob : new GZipStream(blob, CompressionMode.Decompress);
    }

    /// <summary>The same layer, typed as <paramref name="family"/> spells it; no byte changes.</summary>
    public Layer In(ManifestFamily family) =>
        With(descriptor with { MediaType = MediaTypes.In(family, descriptor.MediaType) }, Facts);

    /// <summary>The same layer with other facts.</summary>
    public Layer WithFacts(LayerFacts facts) => With(descriptor, facts);

    private Layer With(Descriptor changed, LayerFacts facts) =>
        new(changed, diffId, origin, openAsync) { Facts = facts, IsLazy = IsLazy };
}

/// <summary>Where a layer came from.</summary>
/// <param name="Name">
/// What people call it: the item's Include without anything of this machine or secret, a base image's reference, or what the
/// engine adds (<c>bootstrap</c>). It goes into image history, labels and summaries.
/// </param>
internal sealed record LayerOrigin(string Name)
{
    /// <summary>The <c>LambdaLayer</c> item; null for a layer that no item asked for.</summary>
    public ItemOrigin? Item { get; init; }

    /// <summary>What the item resolved to (a versioned ARN, a reference with digest), where that says more than its name.</summary>
    public string? Resolved { get; init; }

    /// <summary>The image in a registry that holds this very blob, so that a push may mount it; null for what was packed here.</summary>
    public ImageReference? Image { get; init; }

    /// <summary>Whether the base image brought it.</summary>
    public bool IsBase => Image is not null && Item is null;

    /// <summary>Absolute folder of the image that received the files.</summary>
    public string TargetPath { get; init; } = "/";

    /// <summary>Whether nothing had to be packed for it, because an earlier build had.</summary>
    public bool FromCache { get; init; }

    /// <summary>The architectures that its publisher names (<c>x86_64</c>, <c>arm64</c>); empty when not told.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The runtimes that its publisher names (<c>dotnet8</c>); empty when not told.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    /// <summary>What made the layer, for the image's history; null for the usual line that names its source.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The Include as the user wrote it, where an item asked for the layer.</summary>
    public string DisplayName => Item?.DisplayName ?? Name;

    /// <summary>The most telling name there is.</summary>
    public string Source => Resolved ?? Name;
}
