using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A zip file on disk; its identity is its SHA-256.</summary>
internal sealed class ZipLayerSource : ILayerSource
{
    public LayerKind Kind => LayerKind.Zip;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var path = item.FullPath;
        // The table of contents tells at once what cannot be a layer; hashing a large file comes after.
        ZipTree.Open(path).Dispose();
        Digest digest;
        var stamp = FileStamp.Of(path);
        try
        {
            await using var file = File.OpenRead(path);
            digest = await Digest.OfAsync(file, cancellationToken);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotRead(path, e);
        }

        if (item.Sha256 is { } expected && expected != digest)
            throw LayerItemErrors.Sha256Mismatch(expected.Hex, digest.Hex);
        return new ResolvedLayer(item, digest, _ => Task.FromResult(OpenUnchanged(path, stamp)));
    }

    // A build may write its zip while layers are fetched ahead, and the cache remembers for good what was packed for a digest.
    private static LayerTree OpenUnchanged(string path, FileStamp stamp)
    {
        var tree = ZipTree.Open(path);
        if (FileStamp.Of(path) == stamp)
            return tree;
        tree.Dispose();
        throw FileErrors.CannotRead(path, new IOException("It was changed while it was read."));
    }
}
