namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Cancels what makes no progress. Time is allowed by <see cref="Restart"/> and stops counting at <see cref="Pause"/>.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _outer;
    private readonly CancellationToken _cancellationToken;
    private readonly TimeSpan _timeout;

    public StallWatch(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _cancellationToken = cancellationToken;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _outer = cancellationToken.UnsafeRegister(static x => ((CancellationTokenSource)x!).Cancel(), _source);
    }

    /// <summary>Cancelled by the caller or by the timeout.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was the timeout.</summary>
    public bool Stalled => _source.IsCancellationRequested && !_cancellationToken.IsCancellationRequested;

    public void Restart() => _source.CancelAfter(_timeout);

    public void Pause() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>The silence as an exception that is retried like a broken connection.</summary>
    public IOException Silence() => new($"nothing came for {_timeout.TotalSeconds:0} seconds");

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
