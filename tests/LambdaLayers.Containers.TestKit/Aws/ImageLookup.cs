namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>What a registry knows of an image that a function should run.</summary>
/// <param name="Digest">Of the manifest or index.</param>
/// <param name="MediaType">Lambda takes no indexes.</param>
/// <param name="Manifest">Its text.</param>
public sealed record ImageLookup(string Digest, string MediaType, string Manifest)
{
    public bool IsIndex => MediaType.Contains("index", StringComparison.Ordinal)
        || MediaType.Contains("manifest.list", StringComparison.Ordinal);
}
