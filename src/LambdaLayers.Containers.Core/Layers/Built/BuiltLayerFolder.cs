using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Layers.Built;

/// <summary>
/// Where the build keeps what it makes for one item and one architecture, below the function's intermediate folder.
/// Everything that decides what is made, but for the content of its inputs, is part of the name.
/// </summary>
/// <param name="Root">Absolute.</param>
internal sealed record BuiltLayerFolder(string Root)
{
    private const int NameLength = 24;
    private const int HashLength = 8;

    /// <summary>What the extension project publishes.</summary>
    public string Publish => Path.Combine(Root, "publish");

    /// <summary>The extension project's own intermediate and output folders for this image.</summary>
    public string Artifacts => Path.Combine(Root, "build");

    /// <summary>An <see cref="ExtensionDescription"/>.</summary>
    public string Description => Path.Combine(Root, "extension.json");

    /// <summary>What the BuildCommand made when it last succeeded.</summary>
    public string Output => Path.Combine(Root, "layer");

    /// <summary>Where the BuildCommand writes until it has succeeded.</summary>
    public string Unfinished => Path.Combine(Root, "unfinished");

    /// <summary>The <see cref="BuildKey"/> that <see cref="Output"/> was made for; not there while it is replaced.</summary>
    public string Stamp => Path.Combine(Root, "layer.key");

    /// <summary>The item's folder, whether or not it exists yet.</summary>
    public static BuiltLayerFolder Of(LayerItem item, Platform platform)
    {
        if (item.BuildDirectory is null)
            throw item.Kind == LayerKind.Project ? BuiltLayerErrors.ExtensionNotPublished() : BuiltLayerErrors.FolderNotBuilt();
        var identity = string.Join('\n', item.Include, item.BuildCommand, item.AdditionalProperties);
        var hash = Digest.Of(Encoding.UTF8.GetBytes(identity)).Hex[..HashLength];
        return new BuiltLayerFolder(
            Path.Combine(item.BuildDirectory, $"{NameOf(item)}-{hash}", platform.Architecture));
    }

    // Only to be recognised by people; short for Windows's limit on paths.
    private static string NameOf(LayerItem item)
    {
        var name = Path.GetFileNameWithoutExtension(item.FullPath.TrimEnd('/', '\\'));
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
        return safe.Length > NameLength ? safe[..NameLength] : safe;
    }
}
