using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.LayerImages;

/// <summary>
/// Makes an image that holds layers and nothing else: no application, no entry point, no environment. Its layers are those
/// that a function with the same items has, byte for byte.
/// </summary>
internal sealed class BuildLayerImage(PrepareLayers prepareLayers)
{
    /// <summary>One image for each platform. Throws LLC2322 for one that would be empty.</summary>
    public async Task<IReadOnlyList<Image>> RunAsync(
        LayerImageRequest request, CancellationToken cancellationToken)
    {
        var images = new List<Image>(request.Platforms.Count);
        foreach (var platform in request.Platforms)
        {
            var layers = await prepareLayers.RunAsync(request.Items, platform, cancellationToken);
            if (layers.Count == 0)
                throw ImageErrors.LayerImageIsEmpty();
            FunctionPreflight.CheckExtensions(layers);
            var image = Image.Empty(platform, request.Family).WithLayers(layers, PackOptions.ZipEpoch);
            images.Add(image.WithConfig(image.Config.WithLabels(request.Labels)));
        }

        return images;
    }
}

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
