namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>Another clock, so much ahead (or behind, when negative).</summary>
public sealed class ShiftedClock(TimeProvider inner) : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;
}
