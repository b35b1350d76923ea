namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Asks for an alias.</summary>
internal sealed record GetAliasRequest
{
    public required string FunctionName { get; init; }

    public required string Name { get; init; }
}
