using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>Lists what has to be built before the layers can be packed: each thing once for each architecture.</summary>
internal static class PlanLayerBuilds
{
    /// <summary>Throws LLC2400 for a project that is not there, LLC4xxx for an unknown runtime identifier.</summary>
    public static IReadOnlyList<LayerBuild> Run(IReadOnlyList<LayerItem> items, IReadOnlyList<string> runtimeIdentifiers)
    {
        var built = items.Where(i => i.Kind == LayerKind.Project || i.BuildCommand is not null).ToList();
        foreach (var item in built.Where(i => i.Kind == LayerKind.Project && !File.Exists(i.FullPath)))
            throw BuiltLayerErrors.ProjectNotFound(item.Include).For(item.Origin);
        return [.. runtimeIdentifiers
            .Select(rid => (Rid: rid, Platform: Platform.OfRuntimeIdentifier(rid)))
            .DistinctBy(r => r.Platform)
            .SelectMany(r => built
                .Where(i => i.IsFor(r.Platform))
                .Select(i => new LayerBuild(i, r.Rid, r.Platform, BuiltLayerFolder.Of(i, r.Platform))))
            // The same thing at two places of the image, or between other layers, is still built once.
            .DistinctBy(b => b.Folder)];
    }
}
