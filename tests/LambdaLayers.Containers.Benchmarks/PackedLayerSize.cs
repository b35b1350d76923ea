namespace LambdaLayers.Containers.Benchmarks;

/// <summary>A result, so that no benchmark's work can be optimised away.</summary>
public readonly record struct PackedLayerSize(long Bytes);
