namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Why the environment variables are not in the answer.</summary>
internal sealed record EnvironmentError
{
    public string? ErrorCode { get; init; }

    public string? Message { get; init; }
}
