namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The network that a function is attached to; empty lists detach it.</summary>
internal sealed record VpcConfig
{
    public IReadOnlyList<string>? SubnetIds { get; init; }

    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}
