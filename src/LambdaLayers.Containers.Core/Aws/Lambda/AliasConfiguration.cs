namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>An alias.</summary>
internal sealed record AliasConfiguration
{
    public string? AliasArn { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public AliasRoutingConfiguration? RoutingConfig { get; init; }

    public string? RevisionId { get; init; }
}
