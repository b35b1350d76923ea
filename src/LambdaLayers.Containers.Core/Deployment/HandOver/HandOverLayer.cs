namespace LambdaLayers.Containers.Core.Deployment.HandOver;

/// <summary>A Lambda layer in an image.</summary>
/// <param name="Source">Where it came from, without anything of the machine that built it.</param>
/// <param name="TargetPath">Where it is in the image.</param>
/// <param name="Digest">Of the image layer.</param>
/// <param name="DiffId">Of the uncompressed image layer.</param>
/// <param name="Size">Of the image layer, bytes.</param>
internal sealed record HandOverLayer(string Source, string TargetPath, string Digest, string DiffId, long Size);
