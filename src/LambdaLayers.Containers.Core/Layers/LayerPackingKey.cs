using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Layers;

/// <summary>The cache key of a packed layer: everything that decides its bytes.</summary>
internal static class LayerPackingKey
{
    public static Digest Of(string packerVersion, Digest identity, PackOptions options) =>
        Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n',
            packerVersion,
            identity.ToString(),
            options.TargetPath,
            options.DefaultTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            options.Compression.ToString())));
}
