using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Aws;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Sbom;

/// <summary>The image that a bill of materials is about.</summary>
/// <param name="Repository"><c>host/path</c>, without tag and digest.</param>
/// <param name="Digest">Of the manifest.</param>
/// <param name="Platform">What it runs on.</param>
internal sealed record SbomImage(string Repository, Digest Digest, Platform Platform);

/// <summary>A Lambda layer in the image.</summary>
/// <param name="Source">Where it came from: an ARN, a reference, a relative path.</param>
/// <param name="TargetPath">Where it is in the image.</param>
/// <param name="Digest">Of the image layer as it is in the manifest.</param>
internal sealed record SbomLayer(string Source, string TargetPath, Digest Digest);

/// <summary>
/// A CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/) of an image: the base, each Lambda layer, and the
/// application with its packages. The same image gives the same bytes: nothing in it is of the time or of the machine.
/// </summary>
internal static class SbomDocument
{
    /// <summary>Of the document, for files and OCI artifacts.</summary>
    public const string MediaType = "application/vnd.cyclonedx+json";

    private const string ImageRef = "image";
    private const string BaseRef = "base";

    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the document, UTF-8.</summary>
    /// <param name="image">What it is about.</param>
    /// <param name="baseImage">The true base, by digest where that is known; null for scratch.</param>
    /// <param name="layers">The image's Lambda layers, bottom first.</param>
    /// <param name="application">The application's libraries; empty when it has no dependency file (Native AOT).</param>
    public static byte[] Create(
        SbomImage image,
        ImageReference? baseImage,
        IReadOnlyList<SbomLayer> layers,
        IReadOnlyList<Dependency> application)
    {
        var components = new List<JsonObject>();
        var dependencies = new List<JsonObject>();
        var parts = new List<string>();
        if (baseImage is not null)
        {
            parts.Add(BaseRef);
            components.Add(Base(baseImage, image.Platform));
            dependencies.Add(DependencyOf(BaseRef, []));
        }

        for (var i = 0; i < layers.Count; i++)
        {
            // The same layer may be there twice, so the digest alone names none.
            var name = $"layer-{i + 1}:{layers[i].Digest}";
            parts.Add(name);
            components.Add(Layer(name, layers[i], image.Platform));
            dependencies.Add(DependencyOf(name, []));
        }

        var refs = application.ToDictionary(x => x.Name, Ref, StringComparer.OrdinalIgnoreCase);
        var needed = application.SelectMany(x => x.DependsOn).ToHashSet(StringComparer.OrdinalIgnoreCase);
        parts.AddRange(application.Where(x => !needed.Contains(x.Name)).Select(Ref));
        components.AddRange(application.Select(Library));
        dependencies.AddRange(application.Select(x => DependencyOf(
            Ref(x), x.DependsOn.Where(refs.ContainsKey).Select(name => refs[name]).Order(StringComparer.Ordinal))));

        var document = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["tools"] = new JsonObject
                {
                    ["components"] = new JsonArray(new JsonObject
                    {
                        ["type"] = "application",
                        ["name"] = "LambdaLayers.Containers",
                    }),
                },
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = ImageRef,
                    ["name"] = image.Repository,
                    ["version"] = image.Digest.ToString(),
                    ["hashes"] = Hashes("SHA-256", image.Digest.Hex),
                    ["purl"] = OciPurl(image.Repository, image.Digest, image.Platform),
                },
            },
            ["components"] = new JsonArray([.. components]),
            ["dependencies"] = new JsonArray([DependencyOf(ImageRef, parts), .. dependencies]),
        };
        document.Insert(3, "serialNumber", SerialNumber(document));
        return Encoding.UTF8.GetBytes(document.ToJsonString(Format) + "\n");
    }

    private static JsonObject Base(ImageReference reference, Platform platform)
    {
        var repository = $"{reference.Registry}/{reference.Repository}";
        var component = new JsonObject
        {
            ["type"] = "container",
            ["bom-ref"] = BaseRef,
            ["name"] = repository,
        };
        if (reference.Digest is { } digest)
        {
            component["version"] = digest.ToString();
            component["hashes"] = Hashes("SHA-256", digest.Hex);
            component["purl"] = OciPurl(repository, digest, platform);
        }
        else if (reference.Tag is { } tag)
        {
            component["version"] = tag;
        }

        return component;
    }

    private static JsonObject Layer(string name, SbomLayer layer, Platform platform)
    {
        var component = new JsonObject { ["type"] = "library", ["bom-ref"] = name };
        if (LayerVersionArn.TryParse(layer.Source, out var arn))
        {
            component["name"] = arn.LayerName;
            if (arn.Version is not null)
                component["version"] = arn.ToString()[(arn.LayerArn.Length + 1)..];
        }
        else if (ImageReference.TryParse(layer.Source, out var reference) && reference.Digest is { } digest)
        {
            var repository = $"{reference.Registry}/{reference.Repository}";
            component["type"] = "container";
            component["name"] = repository;
            component["version"] = digest.ToString();
            component["purl"] = OciPurl(repository, digest, platform);
        }
        else
        {
            component["name"] = layer.Source;
        }

        component["hashes"] = Hashes("SHA-256", layer.Digest.Hex);
        component["properties"] = new JsonArray(
            Property("lambdalayers:source", layer.Source),
            Property("lambdalayers:targetPath", layer.TargetPath),
            Property("lambdalayers:layerDigest", layer.Digest.ToString()));
        return component;
    }

    private static JsonObject Library(Dependency library)
    {
        var component = new JsonObject
        {
            ["type"] = library.Kind switch
            {
                DependencyKind.Project => "application",
                DependencyKind.RuntimePack => "framework",
                _ => "library",
            },
            ["bom-ref"] = Ref(library),
            ["name"] = library.Name,
            ["version"] = library.Version,
        };
        if (library.Sha512 is { } hash)
            component["hashes"] = Hashes("SHA-512", hash);
        if (library.Kind is DependencyKind.Package or DependencyKind.RuntimePack)
            component["purl"] = NuGetPurl(library);
        return component;
    }

    private static string Ref(Dependency library) => library.Kind switch
    {
        DependencyKind.Package or DependencyKind.RuntimePack => NuGetPurl(library),
        DependencyKind.Project => $"project:{library.Name}@{library.Version}",
        _ => $"reference:{library.Name}@{library.Version}",
    };

    private static string NuGetPurl(Dependency library) =>
        $"pkg:nuget/{Uri.EscapeDataString(library.Name)}@{Uri.EscapeDataString(library.Version)}";

    // https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md: the name is the path's last part.
    private static string OciPurl(string repository, Digest digest, Platform platform)
    {
        var name = repository[(repository.LastIndexOf('/') + 1)..];
        var url = string.Join('/', repository.Split('/').Select(Uri.EscapeDataString));
        return $"pkg:oci/{Uri.EscapeDataString(name)}@{Uri.EscapeDataString(digest.ToString())}"
            + $"?arch={Uri.EscapeDataString(platform.Architecture)}&repository_url={url}";
    }

    private static JsonArray Hashes(string algorithm, string hex) =>
        new(new JsonObject { ["alg"] = algorithm, ["content"] = hex });

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject DependencyOf(string name, IEnumerable<string> on) => new()
    {
        ["ref"] = name,
        ["dependsOn"] = new JsonArray([.. on.Select(x => (JsonNode)x)]),
    };

    // A UUID of version 8 (RFC 9562) from the document's own hash: another document is another serial number.
    private static string SerialNumber(JsonObject document)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString(Format)))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }
}
