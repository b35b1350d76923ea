namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Asks for a function's tags.</summary>
internal sealed record ListTagsRequest
{
    /// <summary>The function's ARN without qualifier.</summary>
    public required string Resource { get; init; }
}
