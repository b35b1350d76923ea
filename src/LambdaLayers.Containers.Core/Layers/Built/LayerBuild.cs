using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>One item that has to be built for one image.</summary>
/// <param name="Item">The item: a project, or a folder with a BuildCommand.</param>
/// <param name="RuntimeIdentifier">What for, in .NET's words.</param>
/// <param name="Platform">What for, in an image's words.</param>
/// <param name="Folder">Where it is built.</param>
internal sealed record LayerBuild(LayerItem Item, string RuntimeIdentifier, Platform Platform, BuiltLayerFolder Folder)
{
    /// <summary>As in the Architecture metadata: <c>x64</c>, <c>arm64</c>.</summary>
    public string Architecture => Platform.DotnetArchitecture;
}

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
