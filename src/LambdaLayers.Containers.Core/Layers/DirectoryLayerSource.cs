using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Packing.Folders;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>A folder on disk; its identity covers names, kinds, modes, link targets and contents of all its files.</summary>
internal sealed class DirectoryLayerSource : ILayerSource
{
    public LayerKind Kind => LayerKind.Directory;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var path = item.BuildCommand is null ? item.FullPath : BuiltPath(item, context);
        using var tree = Open();
        var identity = await TreeIdentity.OfAsync(tree, cancellationToken);
        return new ResolvedLayer(item, identity, _ => Task.FromResult(Open()));

        LayerTree Open() => DirectoryTree.Open(path, exclude: item.Exclude);
    }

    private static string BuiltPath(LayerItem item, ResolveContext context)
    {
        var folder = BuiltLayerFolder.Of(item, context.Platform);
        return Directory.Exists(folder.Output) ? folder.Output : throw BuiltLayerErrors.FolderNotBuilt();
    }
}
