namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Asks for one version of a layer by its ARN.</summary>
internal sealed record GetLayerVersionByArnRequest
{
    public required string Arn { get; init; }
}
