namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>Versions that get a share of an alias's calls.</summary>
internal sealed record AliasRoutingConfiguration
{
    public IReadOnlyDictionary<string, double>? AdditionalVersionWeights { get; init; }
}
