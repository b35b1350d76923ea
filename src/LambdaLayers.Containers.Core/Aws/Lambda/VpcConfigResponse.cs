namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The network that a function is attached to.</summary>
internal sealed record VpcConfigResponse
{
    public IReadOnlyList<string>? SubnetIds { get; init; }

    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public string? VpcId { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}
