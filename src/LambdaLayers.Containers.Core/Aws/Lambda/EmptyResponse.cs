namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The answer of operations that answer nothing.</summary>
internal sealed record EmptyResponse;
