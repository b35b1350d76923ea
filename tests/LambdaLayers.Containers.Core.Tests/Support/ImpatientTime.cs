using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>
/// A <see cref="FakeTimeProvider"/> on which pauses cost nothing: waits of up to a limit are noted, end at once and move the
/// clock on. Longer ones, which guard against silence, end when the test advances the clock.
/// </summary>
internal sealed class ImpatientTime(TimeSpan longestWait) : FakeTimeProvider(Beginning)
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<TimeSpan> _waits = [];

    public ImpatientTime()
        : this(TimeSpan.FromSeconds(30))
    {
    }

    /// <summary>Every short wait so far, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    /// <summary>Lets all long waits that are still running end.</summary>
    public void LosePatience() => Advance(TimeSpan.FromHours(1));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero && dueTime <= longestWait)
        {
            _waits.Enqueue(dueTime);
            // Not from here: the caller does not have its timer yet.
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
