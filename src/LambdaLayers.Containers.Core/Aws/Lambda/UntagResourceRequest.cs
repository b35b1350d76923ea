namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Removes tags of a function.</summary>
internal sealed record UntagResourceRequest
{
    /// <summary>The function's ARN without qualifier.</summary>
    public required string Resource { get; init; }

    /// <summary>One at a time: AWSSDK.Core takes a query parameter once.</summary>
    public required string TagKey { get; init; }
}
