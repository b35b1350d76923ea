namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Why the image's settings are not in the answer.</summary>
internal sealed record ImageConfigError
{
    public string? ErrorCode { get; init; }

    public string? Message { get; init; }
}
