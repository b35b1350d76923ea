using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Deployment.Functions;

/// <summary>One architecture's image as a publish has pushed it.</summary>
/// <param name="Uri"><c>host/repository@sha256:…</c>.</param>
/// <param name="Architecture">Lambda's word: <c>x86_64</c>, <c>arm64</c>.</param>
internal sealed record PublishedImage(string Uri, string Architecture, Digest Digest)
{
    /// <summary>The image's fingerprint label; null when it has none.</summary>
    public string? Fingerprint { get; init; }
}
