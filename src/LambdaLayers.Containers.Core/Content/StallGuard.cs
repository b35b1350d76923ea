namespace LambdaLayers.Containers.Core.Content;

/// <summary>Cancels a transfer in which nothing arrives any more; a slow one may take as long as it likes.</summary>
internal sealed class StallGuard : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenRegistration _outer;

    public StallGuard(TimeProvider time, CancellationToken cancellationToken)
    {
        _stalled = new CancellationTokenSource(Limit, time);
        _outer = cancellationToken.Register(_stalled.Cancel);
    }

    public CancellationToken Token => _stalled.Token;

    /// <summary>Something has arrived.</summary>
    public void Alive() => _stalled.CancelAfter(Limit);

    public void Dispose()
    {
        _outer.Dispose();
        _stalled.Dispose();
    }
}
