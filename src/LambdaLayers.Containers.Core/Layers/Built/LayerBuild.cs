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
