using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci;

/// <summary>
/// Names content by type, digest and length
/// (https://github.com/opencontainers/image-spec/blob/main/descriptor.md). Its <c>urls</c> are not kept: content is
/// only
/// ever fetched from the repository that named it.
/// </summary>
/// <param name="MediaType">Never empty.</param>
/// <param name="Digest">Of the bytes as they are stored.</param>
/// <param name="Size">In bytes, zero or more.</param>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>Set on the entries of an index.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Set on what is not an image: an attestation, a signature, an SBOM.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Free-form facts, such as <c>vnd.docker.reference.type</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is about an image instead of being one; builders leave these in an index.</summary>
    public bool IsAttestation =>
        ArtifactType is not null || Annotations.ContainsKey("vnd.docker.reference.type")
        || Platform is { Os: "unknown" } or { Architecture: "unknown" };
}
