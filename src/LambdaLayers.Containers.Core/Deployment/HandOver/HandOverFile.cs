using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Deployment.Functions;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Deployment.HandOver;

/// <summary>A Lambda layer in an image.</summary>
/// <param name="Source">Where it came from, without anything of the machine that built it.</param>
/// <param name="TargetPath">Where it is in the image.</param>
/// <param name="Digest">Of the image layer.</param>
/// <param name="DiffId">Of the uncompressed image layer.</param>
/// <param name="Size">Of the image layer, bytes.</param>
internal sealed record HandOverLayer(string Source, string TargetPath, string Digest, string DiffId, long Size);

/// <summary>One architecture's image and what it is made of.</summary>
/// <param name="Image">The image as it was pushed.</param>
/// <param name="Tags">Tags that mean this image alone.</param>
/// <param name="Layers">Bottom first.</param>
internal sealed record HandOverImage(
    PublishedImage Image, IReadOnlyList<string> Tags, IReadOnlyList<HandOverLayer> Layers);

/// <summary>
/// <c>lambda-image.json</c>: what a publish has pushed, for CDK, SAM, Terraform and scripts. Its members are a contract:
/// docs/how-to/hand-over.md.
/// </summary>
/// <param name="Registry">Host that was pushed to.</param>
/// <param name="Repository">The images' repository.</param>
/// <param name="Tags">Tags of the publish; with several architectures they mean the index.</param>
/// <param name="BaseImage">The real base as the project names it.</param>
/// <param name="BaseDigest">Digest of the real base; empty when it is not known.</param>
/// <param name="Images">One for each architecture.</param>
internal sealed record HandOverFile(
    string Registry,
    string Repository,
    IReadOnlyList<string> Tags,
    string BaseImage,
    string BaseDigest,
    IReadOnlyList<HandOverImage> Images)
{
    private const int SchemaVersion = 1;

    // Digests and ARNs are to be read by people too.
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, the same bytes for the same images.</summary>
    public string ToJson()
    {
        var sorted = Images.OrderBy(x => x.Image.Architecture, StringComparer.Ordinal).ToList();
        var json = new JsonObject
        {
            ["schemaVersion"] = SchemaVersion,
            // Only where it is one image: Lambda takes no index.
            ["imageUri"] = sorted is [var only] ? only.Image.Uri : null,
            ["imageUris"] = new JsonObject(
                sorted.Select(x => KeyValuePair.Create(x.Image.Architecture, (JsonNode?)x.Image.Uri))),
            ["registry"] = Registry,
            ["repository"] = Repository,
            ["tags"] = Strings(Tags),
            ["base"] = new JsonObject
            {
                ["image"] = BaseImage,
                ["digest"] = BaseDigest.Length == 0 ? null : BaseDigest,
            },
            ["images"] = new JsonArray([.. sorted.Select(Describe)]),
        };
        return json.ToJsonString(Format) + "\n";
    }

    /// <summary>Writes the document; a reader sees the old one or the new one.</summary>
    /// <param name="path">Absolute. LLC5011 when it cannot be written; what was pushed is in the message then.</param>
    /// <param name="cancellationToken">Stops the writing; the old file stays.</param>
    public Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var document = System.Text.Encoding.UTF8.GetBytes(ToJson());
        return AtomicFile.WriteAsync(
            path,
            async (stream, token) => await stream.WriteAsync(document, token),
            cause => CannotWrite(path, cause),
            cancellationToken);
    }

    private LayersException CannotWrite(string path, Exception cause) => new("LLC5011",
        $"The image file '{DisplayText.Name(path)}' cannot be written: {cause.Message} Name another place: "
        + "<LambdaImageFile>…/lambda-image.json</LambdaImageFile>. What was pushed: "
        + string.Join(", ", Images.Select(x => x.Image.Uri)) + ".", cause);

    private static JsonNode Describe(HandOverImage image) => new JsonObject
    {
        ["architecture"] = image.Image.Architecture,
        ["uri"] = image.Image.Uri,
        ["digest"] = image.Image.Digest.ToString(),
        ["tags"] = Strings(image.Tags),
        ["layers"] = new JsonArray([.. image.Layers.Select(Describe)]),
    };

    private static JsonNode Describe(HandOverLayer layer) => new JsonObject
    {
        ["source"] = layer.Source,
        ["targetPath"] = layer.TargetPath,
        ["digest"] = layer.Digest,
        ["diffId"] = layer.DiffId,
        ["size"] = layer.Size,
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(x => (JsonNode)x)]);
}
