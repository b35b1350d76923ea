using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Layers.Locking;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>An item that leads to certain bytes, which may not be on this machine yet.</summary>
/// <param name="Item">The item.</param>
/// <param name="Identity">Changes whenever the layer's files could; part of the cache key.</param>
/// <param name="OpenTreeAsync">Brings the files, downloading them if need be; may be called again.</param>
internal sealed record ResolvedLayer(
    LayerItem Item,
    Digest Identity,
    Func<CancellationToken, Task<LayerTree>> OpenTreeAsync)
{
    /// <summary>
    /// The lock file's entry for the item; what the layer packs to is looked up and recorded there. Null for a local item.
    /// </summary>
    public LockKey? LockKey { get; init; }

    /// <summary>Whether what the lock file says the layer packs to is to be recorded anew (UpdateLambdaLayers).</summary>
    public bool IsRefreshed { get; init; }

    /// <summary>The platform, when the source differs between platforms; part of the lock file's <see cref="LockSlot"/>.</summary>
    public string? LockPlatform { get; init; }

    /// <summary>Blobs at the source that need no packing; null when there cannot be any.</summary>
    public ReadyBlobs? Ready { get; init; }

    /// <summary>What the item resolved to, for people: a versioned ARN, a reference with digest.</summary>
    public string? ResolvedName { get; init; }

    /// <summary>The architectures that its publisher names (<c>x86_64</c>, <c>arm64</c>); empty when not told.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The runtimes that its publisher names (<c>dotnet8</c>); empty when not told.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    /// <summary>The image layer that the item becomes.</summary>
    /// <param name="packed">What it packed to.</param>
    /// <param name="fromCache">Whether an earlier build had packed it.</param>
    /// <param name="isLazy">Whether only its description is here.</param>
    /// <param name="openAsync">Opens the blob.</param>
    public Layer Describe(
        PackedLayer packed, bool fromCache, bool isLazy, Func<CancellationToken, Task<Stream>> openAsync)
    {
        var origin = new LayerOrigin(Item.PortableName)
        {
            Item = Item.Origin,
            Resolved = ResolvedName,
            TargetPath = Item.TargetPath,
            FromCache = fromCache,
            Architectures = Architectures,
            Runtimes = Runtimes,
        };
        var blob = new Descriptor(MediaTypes.OciLayerGzip, packed.Digest, packed.Size);
        // It may be opened long after the items were read, by whoever pushes the image.
        return new Layer(blob, packed.DiffId, origin, token => Item.Origin.AttributeAsync(() => openAsync(token)))
        {
            Facts = packed.Facts,
            IsLazy = isLazy,
        };
    }
}

/// <summary>Blobs at an item's source that may be image layers as they are, one item becoming several layers.</summary>
/// <param name="FindAsync">The blobs, bottom first, all in the cache; null when the item is to be packed.</param>
/// <param name="OpenAsync">Opens one of them, fetching it if it is not there any more.</param>
internal sealed record ReadyBlobs(
    Func<CancellationToken, Task<IReadOnlyList<PackedLayer>?>> FindAsync,
    Func<Digest, CancellationToken, Task<Stream>> OpenAsync);
