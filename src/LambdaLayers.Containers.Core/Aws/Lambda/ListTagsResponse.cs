namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A function's tags.</summary>
internal sealed record ListTagsResponse
{
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}
