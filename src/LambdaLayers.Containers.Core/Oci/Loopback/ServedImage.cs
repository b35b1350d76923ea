using System.Security.Cryptography;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>What one loopback registry serves: one repository with one tag, and all that the tag leads to.</summary>
/// <param name="Repository">The upstream repository name, so that registries can mount its blobs.</param>
/// <param name="Root">The manifest or index that the tag names.</param>
/// <param name="Manifests">Manifests that an index root refers to.</param>
/// <param name="Blobs">Configs and layers of all manifests.</param>
internal sealed record ServedImage(
    string Repository,
    ServedManifest Root,
    IReadOnlyList<ServedManifest> Manifests,
    IReadOnlyList<ServedBlob> Blobs)
{
    /// <summary>How every tag that we serve begins; the targets know an inner build by it.</summary>
    public const string TagPrefix = "llc-";

    private const int TagEntropyBytes = 16;

    /// <summary>A tag that other users of this machine cannot guess.</summary>
    public string Tag { get; } = TagPrefix + RandomNumberGenerator.GetHexString(TagEntropyBytes * 2, lowercase: true);
}
