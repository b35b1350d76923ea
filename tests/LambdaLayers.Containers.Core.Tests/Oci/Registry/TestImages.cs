using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>The kit's images as the engine has them.</summary>
internal static class TestImages
{
    /// <param name="test">Documents and layers.</param>
    /// <param name="from">The image that its layers are said to come from; null for none.</param>
    public static Image ToImage(this TestImage test, ImageReference? from = null)
    {
        var layers = test.Manifest.Layers.Select((descriptor, i) => new Layer(
            descriptor, test.Config.DiffIds[i], new LayerOrigin("test") { Image = from },
            _ => Task.FromResult<Stream>(new MemoryStream(test.Layers[i], writable: false))));
        return new Image(test.Manifest, test.Config, [.. layers]);
    }
}
