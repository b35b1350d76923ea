namespace LambdaLayers.Containers.Core.Http;

/// <summary>
/// Ends a transfer that stands still or trickles. Only time spent waiting for the peer counts, and it begins anew with each
/// <see cref="HttpPolicy.StallTimeout"/> worth of bytes at <see cref="HttpPolicy.MinimumRate"/>.
/// </summary>
internal sealed class TransferWatch(HttpPolicy policy, TimeProvider time)
{
    private TimeSpan _left = policy.StallTimeout;
    private long _start;
    private long _moved;
    private CancellationTokenSource? _running;

    private long EnoughBytes => (long)(policy.MinimumRate * policy.StallTimeout.TotalSeconds);

    /// <summary>Waits for the peer.</summary>
    /// <exception cref="IOException">It took too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        if (_left <= TimeSpan.Zero)
            throw Stalled();
        using var source = new CancellationTokenSource(_left, time);
        using var outer = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).Cancel(), source);
        (_running, _start) = (source, time.GetTimestamp());
        try
        {
            return await wait(source.Token);
        }
        catch (Exception) when (source.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Stalled();
        }
        finally
        {
            _running = null;
            _left -= time.GetElapsedTime(_start);
        }
    }

    /// <summary>Bytes have moved.</summary>
    public void Moved(long bytes)
    {
        _moved += bytes;
        if (_moved >= EnoughBytes)
            Allow(policy.StallTimeout);
    }

    /// <summary>All has been sent; now the peer may think about it.</summary>
    public void AwaitAnswer() => Allow(policy.UploadAnswerTimeout);

    private void Allow(TimeSpan wait)
    {
        (_moved, _left, _start) = (0, wait, time.GetTimestamp());
        _running?.CancelAfter(wait);
    }

    private IOException Stalled() =>
        new(_moved == 0
            ? $"nothing came for {policy.StallTimeout.TotalSeconds:0} seconds"
            : $"no more than {_moved} bytes came in {policy.StallTimeout.TotalSeconds:0} seconds");
}
