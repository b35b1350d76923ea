using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Aws;

/// <summary>A layer version as Lambda describes it.</summary>
/// <param name="Arn">With its version; for a layer that AWS manages what Lambda calls it.</param>
/// <param name="Version">The version's number, also where the ARN has no place for it.</param>
/// <param name="Digest">SHA-256 of the zip.</param>
/// <param name="Size">Of the zip, in bytes.</param>
/// <param name="Location">Presigned, good for ten minutes, secret while it lasts.</param>
internal sealed record ResolvedLayerVersion(LayerVersionArn Arn, long Version, Digest Digest, long Size, Uri Location)
{
    /// <summary><c>x86_64</c>, <c>arm64</c>; empty when the publisher did not say.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Such as <c>dotnet8</c>; empty when the publisher did not say.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = [];

    public string? Description { get; init; }

    // Without the link.
    public override string ToString() => $"{Arn} ({Digest}, {Size} bytes)";
}
