using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>An extension project that the build has published; its identity covers the published files.</summary>
internal sealed class ProjectLayerSource : ILayerSource
{
    public LayerKind Kind => LayerKind.Project;

    public async Task<ResolvedLayer> ResolveAsync(
        LayerItem item, ResolveContext context, CancellationToken cancellationToken)
    {
        var folder = BuiltLayerFolder.Of(item, context.Platform);
        var extension = await ReadAsync(folder, cancellationToken);
        using var tree = ExtensionTree.Open(folder.Publish, extension);
        var identity = await TreeIdentity.OfAsync(tree, cancellationToken);
        return new ResolvedLayer(
            item, identity, _ => Task.FromResult(ExtensionTree.Open(folder.Publish, extension)));
    }

    private static async Task<ExtensionDescription> ReadAsync(
        BuiltLayerFolder folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Description) || !Directory.Exists(folder.Publish))
            throw BuiltLayerErrors.ExtensionNotPublished();
        try
        {
            await using var file = File.OpenRead(folder.Description);
            return await JsonSerializer.DeserializeAsync(file, BuiltJson.Default.ExtensionDescription, cancellationToken)
                ?? throw BuiltLayerErrors.ExtensionNotPublished();
        }
        catch (JsonException)
        {
            // Cut short by a crash; the next publish writes it anew.
            throw BuiltLayerErrors.ExtensionNotPublished();
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.CannotRead(folder.Description, e);
        }
    }
}
