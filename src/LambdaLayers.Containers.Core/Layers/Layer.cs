using System.IO.Compression;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>One image layer made from one item; its content can always be reopened.</summary>
/// <param name="Item">The item that it came from.</param>
/// <param name="Packed">Digest, diffID, size and facts.</param>
/// <param name="FromCache">Whether nothing had to be packed for it.</param>
/// <param name="OpenCompressedAsync">Opens the gzip-compressed blob, making it first if it is not there.</param>
internal sealed record Layer(
    LayerItem Item,
    PackedLayer Packed,
    bool FromCache,
    Func<CancellationToken, Task<Stream>> OpenCompressedAsync)
{
    /// <summary>What the item resolved to, where that says more than its Include.</summary>
    public string? ResolvedName { get; init; }

    /// <summary>Whether only its description is here, from the lock file: opening it fetches and packs it.</summary>
    public bool IsLazy { get; init; }

    /// <inheritdoc cref="ResolvedLayer.Architectures"/>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <inheritdoc cref="ResolvedLayer.Runtimes"/>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    /// <summary>Opens the uncompressed tar.</summary>
    public async Task<Stream> OpenUncompressedAsync(CancellationToken cancellationToken) =>
        new GZipStream(await OpenCompressedAsync(cancellationToken), CompressionMode.Decompress);
}
