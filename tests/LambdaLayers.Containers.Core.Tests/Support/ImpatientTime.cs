using System.Collections.Concurrent;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>
/// A clock that the test moves. Waits of up to half a minute (pauses between attempts) are over at once and are noted;
/// longer ones (limits for a silent peer) only end when the test says so.
/// </summary>
internal sealed class ImpatientTime : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<FakeTimer> _long = [];
    private long _ticks;

    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Lets all long waits that are still running end.</summary>
    public void LosePatience()
    {
        while (_long.TryDequeue(out var timer))
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(() => callback(state));
        if (dueTime > Short)
        {
            _long.Enqueue(timer);
        }
        else if (dueTime >= TimeSpan.Zero)
        {
            Waits.Enqueue(dueTime);
            ThreadPool.QueueUserWorkItem(_ => timer.Fire());
        }

        return timer;
    }

    private sealed class FakeTimer(Action callback) : ITimer
    {
        private volatile bool _disposed;

        public void Fire()
        {
            if (!_disposed)
                callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_disposed;

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
