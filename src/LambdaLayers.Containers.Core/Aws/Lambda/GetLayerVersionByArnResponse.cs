namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A layer version and where its zip can be fetched.</summary>
internal sealed record GetLayerVersionByArnResponse
{
    public LayerVersionContentOutput? Content { get; init; }

    public string? LayerArn { get; init; }

    public string? LayerVersionArn { get; init; }

    public string? Description { get; init; }

    public string? CreatedDate { get; init; }

    public long? Version { get; init; }

    /// <summary><c>x86_64</c>, <c>arm64</c>; empty or null when the publisher did not say.</summary>
    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }

    /// <summary>Such as <c>dotnet8</c>; empty or null when the publisher did not say.</summary>
    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public string? LicenseInfo { get; init; }
}
