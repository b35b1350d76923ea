namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A function's environment variables, if the caller may decrypt them.</summary>
internal sealed record EnvironmentResponse
{
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    public EnvironmentError? Error { get; init; }
}
