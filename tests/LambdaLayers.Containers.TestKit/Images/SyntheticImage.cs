using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>An image for one platform, made in memory: manifest, config and layers.</summary>
public sealed class SyntheticImage
{
    /// <param name="family">Media types of manifest, config and layers.</param>
    /// <param name="architecture">"amd64" or "arm64".</param>
    /// <param name="runConfig">The config's <c>config</c> object.</param>
    /// <param name="layers">From the lowest up.</param>
    public SyntheticImage(
        ImageFamily family, string architecture, JsonObject runConfig, IReadOnlyList<SyntheticLayer> layers)
    {
        Family = family;
        Architecture = architecture;
        Layers = layers;
        Config = Bytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["config"] = runConfig.DeepClone(),
            ["created"] = "2024-01-01T00:00:00Z",

            // AWS's images once had it null, which broke clients that index history by layer.
            ["history"] = null,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. layers.Select(l => (JsonNode)l.DiffId)]),
            },
        });
        Manifest = Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest(family),
            ["config"] = Descriptor(MediaTypes.Config(family), Config.Span),
            ["layers"] = new JsonArray([.. layers.Select(l => Descriptor(MediaTypes.Layer(family), l.Blob.Span))]),
        });
    }

    public ImageFamily Family { get; }

    public string Architecture { get; }

    public IReadOnlyList<SyntheticLayer> Layers { get; }

    public ReadOnlyMemory<byte> Config { get; }

    public ReadOnlyMemory<byte> Manifest { get; }

    public string Digest => SyntheticLayer.Sha256(Manifest.Span);

    /// <summary>The index (OCI) or manifest list (Docker) over images of one family.</summary>
    public static ReadOnlyMemory<byte> Index(params IReadOnlyList<SyntheticImage> images)
    {
        var manifests = new JsonArray();
        foreach (var image in images)
        {
            var descriptor = Descriptor(MediaTypes.Manifest(image.Family), image.Manifest.Span);
            descriptor["platform"] = new JsonObject { ["architecture"] = image.Architecture, ["os"] = "linux" };
            manifests.Add(descriptor);
        }

        return Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Index(images[0].Family),
            ["manifests"] = manifests,
        });
    }

    private static JsonObject Descriptor(string mediaType, ReadOnlySpan<byte> content) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = SyntheticLayer.Sha256(content),
        ["size"] = content.Length,
    };

    // As everybody else writes them: a media type's plus sign as it is.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Plain);
}
