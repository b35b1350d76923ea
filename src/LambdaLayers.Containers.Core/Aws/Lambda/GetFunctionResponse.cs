namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>A function as it is.</summary>
internal sealed record GetFunctionResponse
{
    public FunctionConfiguration? Configuration { get; init; }

    public FunctionCodeLocation? Code { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}
