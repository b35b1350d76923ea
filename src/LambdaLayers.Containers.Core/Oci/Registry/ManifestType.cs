using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Decides what a manifest is. Header and document must agree, and a document must not be two things at once: else two
/// readers of one digest could see two images (https://nvd.nist.gov/vuln/detail/CVE-2021-41190).
/// </summary>
internal static class ManifestType
{
    /// <param name="header">The Content-Type without parameters; registries that know no better send application/json
    /// or nothing.</param>
    public static string Decide(ImageReference image, string? header, ReadOnlySpan<byte> bytes)
    {
        if (MediaTypes.IsSchema1(header))
            throw RegistryErrors.Schema1Manifest(image);
        try
        {
            var json = OciJson.ReadObject(bytes);
            return Decide(image, header, json);
        }
        catch (FormatException e)
        {
            throw RegistryErrors.BrokenDocument(image, "manifest", e.Message, e);
        }
    }

    private static string Decide(ImageReference image, string? header, JsonObject json)
    {
        if (json["schemaVersion"] is JsonValue version && version.TryGetValue<int>(out var number) && number == 1)
            throw RegistryErrors.Schema1Manifest(image);
        var stated = OciJson.Token(json, "mediaType");
        var hasManifests = json.ContainsKey("manifests");
        var hasLayers = json.ContainsKey("layers") || json.ContainsKey("config");
        if (hasManifests && hasLayers)
            throw new FormatException("it is a manifest and an index at the same time");
        var known = IsKnown(header) ? header : null;
        if (stated is not null && known is not null && stated != known)
            throw new FormatException($"it says that it is '{stated}' but was sent as '{known}'");

        var type = stated ?? known ?? (hasManifests ? MediaTypes.OciIndex : hasLayers ? MediaTypes.OciManifest : null);
        if (!IsKnown(type))
            throw RegistryErrors.NotAnImage(image, type ?? header ?? "something unknown");
        return MediaTypes.IsIndex(type) == hasManifests
            ? type!
            : throw new FormatException($"its content does not fit its type '{type}'");
    }

    private static bool IsKnown(string? type) => MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type);
}
