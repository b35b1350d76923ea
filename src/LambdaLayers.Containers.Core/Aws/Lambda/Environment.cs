namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A function's environment variables.</summary>
internal sealed record Environment
{
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
