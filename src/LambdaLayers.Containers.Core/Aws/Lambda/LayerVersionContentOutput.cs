namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The zip of a layer version.</summary>
internal sealed record LayerVersionContentOutput
{
    /// <summary>A presigned link, good for ten minutes. Its query is a secret while it lasts.</summary>
    public string? Location { get; init; }

    /// <summary>SHA-256 of the zip in base64.</summary>
    public string? CodeSha256 { get; init; }

    /// <summary>Of the zip, in bytes.</summary>
    public long? CodeSize { get; init; }

    public string? SigningProfileVersionArn { get; init; }

    public string? SigningJobArn { get; init; }

    // Without the link.
    public override string ToString() => $"{CodeSize} bytes, sha256 {CodeSha256}";
}
