namespace LambdaLayers.Containers.Core.Aws.Lambda;

/// <summary>The size of /tmp.</summary>
internal sealed record EphemeralStorage
{
    /// <summary>Megabytes, 512 to 10,240.</summary>
    public int? Size { get; init; }
}
