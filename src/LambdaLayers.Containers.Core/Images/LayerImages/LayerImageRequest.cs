using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.LayerImages;

/// <summary>What a layer image is made of.</summary>
/// <param name="Platforms">One for an image, several for an index.</param>
/// <param name="Items">Its layers, in order.</param>
/// <param name="Family">Media types of the documents.</param>
/// <param name="Labels">Of the config; nothing else is in it.</param>
internal sealed record LayerImageRequest(
    IReadOnlyList<Platform> Platforms,
    IReadOnlyList<LayerItem> Items,
    ManifestFamily Family,
    IReadOnlyCollection<KeyValuePair<string, string>> Labels);
