using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.Core.Deployment.HandOver;

/// <summary>
/// <c>lambda-image.json</c>: what a publish has pushed, for CDK, SAM, Terraform and scripts. Its members are a contract:
/// docs/how-to/hand-over.md.
/// </summary>
internal static class HandOverDocument
{
    private const int SchemaVersion = 1;

    // Digests and ARNs are to be read by people too.
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="registry">Host that was pushed to.</param>
    /// <param name="repository">The images' repository.</param>
    /// <param name="tags">Tags of the publish; with several architectures they mean the index.</param>
    /// <param name="baseImage">The real base as the project names it.</param>
    /// <param name="baseDigest">Digest of the real base; empty when it is not known.</param>
    /// <param name="images">One for each architecture.</param>
    public static string Create(
        string registry,
        string repository,
        IReadOnlyList<string> tags,
        string baseImage,
        string baseDigest,
        IReadOnlyList<HandOverImage> images)
    {
        var sorted = images.OrderBy(x => x.Image.Architecture, StringComparer.Ordinal).ToList();
        var json = new JsonObject
        {
            ["schemaVersion"] = SchemaVersion,
            // Only where it is one image: Lambda takes no index.
            ["imageUri"] = sorted is [var only] ? only.Image.Uri : null,
            ["imageUris"] = new JsonObject(
                sorted.Select(x => KeyValuePair.Create(x.Image.Architecture, (JsonNode?)x.Image.Uri))),
            ["registry"] = registry,
            ["repository"] = repository,
            ["tags"] = Strings(tags),
            ["base"] = new JsonObject { ["image"] = baseImage, ["digest"] = baseDigest.Length == 0 ? null : baseDigest },
            ["images"] = new JsonArray([.. sorted.Select(Image)]),
        };
        return json.ToJsonString(Format) + "\n";
    }

    /// <summary>Writes the document; a reader sees the old one or the new one.</summary>
    public static async Task WriteAsync(string path, string document, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        await File.WriteAllTextAsync(temporary, document, cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private static JsonNode Image(HandOverImage image) => new JsonObject
    {
        ["architecture"] = image.Image.Architecture,
        ["uri"] = image.Image.Uri,
        ["digest"] = image.Image.Digest.ToString(),
        ["tags"] = Strings(image.Tags),
        ["fingerprint"] = image.Image.Fingerprint,
        ["layers"] = new JsonArray([.. image.Layers.Select(Layer)]),
    };

    private static JsonNode Layer(HandOverLayer layer) => new JsonObject
    {
        ["source"] = layer.Source,
        ["targetPath"] = layer.TargetPath,
        ["digest"] = layer.Digest,
        ["diffId"] = layer.DiffId,
        ["size"] = layer.Size,
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(x => (JsonNode)x)]);
}
