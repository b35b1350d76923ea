using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images;

/// <summary>
/// The label that lists an image's Lambda layers, for whoever finds the image without its build: JSON, bottom first, nothing
/// of the machine that built it. In the virtual base's config for the same reason as <see cref="BaseDigestLabel"/>.
/// </summary>
internal static class LayersLabel
{
    public const string Name = "lambdalayers.layers";

    /// <summary>The label's value.</summary>
    public static string Value(IReadOnlyList<Layer> layers)
    {
        var list = new JsonArray([.. layers.Select(JsonNode (layer) => new JsonObject
        {
            ["source"] = layer.Origin.Source,
            ["targetPath"] = layer.Origin.TargetPath,
            ["digest"] = layer.Digest.ToString(),
        })]);
        return System.Text.Encoding.UTF8.GetString(OciJson.Write(list));
    }
}

/// <summary>
/// The label with the true base's digest. It goes into the virtual base's own config: the SDK would write our virtual
/// base's digest, and cuts label values at the colon when it publishes for several runtime identifiers.
/// </summary>
internal static class BaseDigestLabel
{
    /// <summary>https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys.</summary>
    public const string Name = "org.opencontainers.image.base.digest";
}
