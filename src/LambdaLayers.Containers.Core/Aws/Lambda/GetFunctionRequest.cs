namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Asks for a function's configuration, image and tags.</summary>
internal sealed record GetFunctionRequest
{
    public required string FunctionName { get; init; }

    public string? Qualifier { get; init; }
}
