using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// A document about an image, kept beside it in its repository: an artifact whose manifest names the image as its subject
/// (https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage). The image itself and
/// its digest stay as they are. The same document and subject give the same bytes.
/// </summary>
internal sealed class Referrer
{
    private const string EmptyType = "application/vnd.oci.empty.v1+json";
    private const string Title = "org.opencontainers.image.title";

    /// <summary>The config blob of an artifact, which says nothing: the specification's empty descriptor names it.</summary>
    public static ReadOnlyMemory<byte> EmptyConfig { get; } = "{}"u8.ToArray();

    /// <param name="subject">The image.</param>
    /// <param name="mediaType">Of the document, and so the artifact's type.</param>
    /// <param name="fileName">What to call the document when it is saved.</param>
    /// <param name="content">The document.</param>
    public Referrer(Descriptor subject, string mediaType, string fileName, ReadOnlyMemory<byte> content)
    {
        (Subject, ArtifactType, Content) = (subject, mediaType, content);
        var config = new Descriptor(EmptyType, Digest.Of(EmptyConfig.Span), EmptyConfig.Length);
        var layer = OciJson.WriteDescriptor(new Descriptor(mediaType, Digest.Of(content.Span), content.Length));
        layer["annotations"] = new JsonObject { [Title] = fileName };
        Manifest = OciJson.Write(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["artifactType"] = mediaType,
            ["config"] = OciJson.WriteDescriptor(config),
            ["layers"] = new JsonArray(layer),
            ["subject"] = OciJson.WriteDescriptor(subject with { Platform = null }),
        });
    }

    /// <summary>The image that it is about.</summary>
    public Descriptor Subject { get; }

    /// <summary>What kind of document it is.</summary>
    public string ArtifactType { get; }

    /// <summary>The document.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The artifact's manifest.</summary>
    public ReadOnlyMemory<byte> Manifest { get; }

    /// <summary>Of the manifest.</summary>
    public Digest Digest => Digest.Of(Manifest.Span);

    /// <summary>
    /// The tag under which registries without the referrers API keep the list of what refers to the subject
    /// (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema).
    /// </summary>
    public string FallbackTag => $"sha256-{Subject.Digest.Hex}";

    /// <summary>Whether a list of referrers has it.</summary>
    /// <exception cref="FormatException">It is no such list.</exception>
    public bool IsIn(ReadOnlyMemory<byte> index) =>
        ImageIndex.Parse(index, MediaTypes.OciIndex).Manifests.Any(entry => entry.Digest == Digest);

    /// <summary>A list of referrers with this one at its end; what others have put there stays as it is.</summary>
    /// <param name="index">The list as it is; null for none.</param>
    /// <exception cref="FormatException">It is no such list.</exception>
    public byte[] AddTo(ReadOnlyMemory<byte>? index)
    {
        var json = index is { } bytes
            ? OciJson.ReadObject(bytes.Span)
            : new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray() };
        var entry = OciJson.WriteDescriptor(new Descriptor(MediaTypes.OciManifest, Digest, Manifest.Length));
        entry["artifactType"] = ArtifactType;
        (OciJson.Array(json, "manifests") ?? throw new FormatException("it has no manifests")).Add((JsonNode)entry);
        return OciJson.Write(json);
    }
}
