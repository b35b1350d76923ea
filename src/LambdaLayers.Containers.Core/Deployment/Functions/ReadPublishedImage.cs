using System.Text.Json.Nodes;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>Reads what the SDK says of an image that it has made.</summary>
internal static class ReadPublishedImage
{
    /// <param name="registry">Host pushed to.</param>
    /// <param name="repository">The image's repository.</param>
    /// <param name="digest">Manifest digest.</param>
    /// <param name="configuration">The image's configuration as JSON.</param>
    public static PublishedImage Run(string registry, string repository, string digest, string configuration)
    {
        var json = JsonNode.Parse(configuration) as JsonObject ?? [];
        var architecture = OciJson.String(json, "architecture") == "arm64" ? "arm64" : "x86_64";
        var labels = OciJson.Object(json, "config") is { } config ? OciJson.Object(config, "Labels") : null;
        return new PublishedImage($"{registry}/{repository}@{digest}", architecture, Digest.Parse(digest))
        {
            Fingerprint = labels is null ? null : OciJson.String(labels, ImageFingerprint.Label),
        };
    }
}
