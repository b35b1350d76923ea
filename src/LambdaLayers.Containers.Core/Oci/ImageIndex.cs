using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// An index (OCI) or manifest list (Docker): one image for each platform
/// (https://github.com/opencontainers/image-spec/blob/main/image-index.md). Immutable; a parsed one keeps its bytes.
/// </summary>
internal sealed class ImageIndex
{
    private ImageIndex(JsonObject json, ReadOnlyMemory<byte> bytes, string mediaType)
    {
        Bytes = bytes;
        MediaType = mediaType;
        Digest = Digest.Of(bytes.Span);
        Manifests = [.. (OciJson.Array(json, "manifests") ?? throw new FormatException("it has no manifests"))
            .Select((entry, i) => OciJson.ReadDescriptor(entry, $"manifests[{i}]"))];
    }

    /// <summary>Exactly what <see cref="Digest"/> covers.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public string MediaType { get; }

    public Digest Digest { get; }

    /// <summary>Every entry, attestations included.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; }

    /// <summary>What there is to run, sorted, each platform once.</summary>
    public IReadOnlyList<Platform> Platforms =>
        [.. Images.Select(x => x.Platform).OfType<Platform>().Distinct().OrderBy(x => x.ToString(), StringComparer.Ordinal)];

    private IEnumerable<Descriptor> Images => Manifests.Where(x => !x.IsAttestation);

    /// <summary>Reads an index and keeps its bytes.</summary>
    /// <exception cref="FormatException">It is not a usable index; the message completes "because …".</exception>
    public static ImageIndex Parse(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        var index = new ImageIndex(OciJson.ReadObject(bytes.Span), bytes, mediaType);
        return index.Manifests.Count <= Limits.Default.IndexEntries
            ? index
            : throw new FormatException($"it has {index.Manifests.Count} entries, more than {Limits.Default.IndexEntries}");
    }

    /// <summary>An index of the given manifests, in their order; each should carry its platform.</summary>
    public static ImageIndex Of(ManifestFamily family, IEnumerable<Descriptor> manifests)
    {
        var mediaType = MediaTypes.Index(family);
        var json = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["manifests"] = new JsonArray([.. manifests.Select(JsonNode (x) => OciJson.WriteDescriptor(x))]),
        };
        return new ImageIndex(json, OciJson.Write(json), mediaType);
    }

    /// <summary>
    /// The entry that runs on <paramref name="wanted"/>, or null. An index with a single image and no platform on it
    /// (as
    /// some builders write) offers that image; its config then has the last word.
    /// </summary>
    public Descriptor? Select(Platform wanted)
    {
        var fitting = Images.FirstOrDefault(x => x.Platform is { } offered && wanted.Accepts(offered));
        return fitting ?? (Images.ToList() is [{ Platform: null } only] ? only : null);
    }
}
