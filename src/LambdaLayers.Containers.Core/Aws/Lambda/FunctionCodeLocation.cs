namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The image that a function runs.</summary>
internal sealed record FunctionCodeLocation
{
    public string? RepositoryType { get; init; }

    /// <summary>As it was deployed.</summary>
    public string? ImageUri { get; init; }

    /// <summary>With the digest it stood for.</summary>
    public string? ResolvedImageUri { get; init; }
}
