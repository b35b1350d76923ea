using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A zip file on disk; its identity is its SHA-256.</summary>
internal sealed class ZipLayerSource : ILayerSource
{
    public LayerKind Kind => LayerKind.Zip;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var path = item.FullPath;
        if (Directory.Exists(path))
            throw ItemErrors.FolderInsteadOfZip(path);
        if (!File.Exists(path))
            throw ItemErrors.FileNotFound(path);
        Digest digest;
        try
        {
            await using var file = File.OpenRead(path);
            digest = await Digest.OfAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EnvironmentErrors.CannotRead(path, e);
        }

        if (item.Sha256 is { } expected && expected != digest)
            throw ItemErrors.Sha256Mismatch(expected.Hex, digest.Hex);
        return new ResolvedLayer(item, digest, _ => Task.FromResult<ILayerTree>(ZipTree.Open(path)));
    }
}
