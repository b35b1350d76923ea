namespace LambdaLayers.Containers.Core.Content;

/// <summary>How often a download may fail, and how long to wait in between.</summary>
internal sealed class DownloadRetries(TimeProvider time)
{
    // Without a single new byte in between: the other side is gone.
    private const int MaximumFruitless = 6;

    // With progress in between: a bad line may finish the largest layer, a trickle may not go on for ever.
    private const int MaximumFailures = 40;

    private const int MaximumRefreshes = 3;
    private const double FirstDelaySeconds = 0.25;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    // A server that wants more patience than this is not going to serve this build.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    private int _fruitless;
    private int _failures;
    private int _refreshes;

    /// <summary>The last attempt brought new bytes.</summary>
    public void Progressed() => _fruitless = _refreshes = 0;

    /// <summary>Whether one more fresh link is worth asking for.</summary>
    public bool MayRefresh() => ++_refreshes <= MaximumRefreshes && ++_failures <= MaximumFailures;

    /// <summary>Waits before the next attempt; false when there have been enough.</summary>
    public async Task<bool> WaitAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        if (++_failures > MaximumFailures || ++_fruitless > MaximumFruitless || retryAfter > LongestRetryAfter)
            return false;
        var delay = TimeSpan.FromSeconds(FirstDelaySeconds * Math.Pow(2, _fruitless - 1));
        delay = delay < LongestDelay ? delay : LongestDelay;
        await Task.Delay(retryAfter > delay ? retryAfter.Value : delay, time, cancellationToken);
        return true;
    }
}
