using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>How fast the network of a <see cref="SlowProxy"/> is, in bytes a second and each way; null for as fast as it goes.</summary>
/// <param name="Link">What all connections share.</param>
/// <param name="Connection">What one connection gets, as over a long way.</param>
public sealed record NetworkSpeed(long? Link = null, long? Connection = null);

/// <summary>One direction of a network.</summary>
/// <param name="speed">Its speed.</param>
internal sealed class NetworkLink(NetworkSpeed speed)
{
    private readonly Pace? _link = Pace.Of(speed.Link);

    /// <summary>The stream as it arrives at the other end.</summary>
    public Stream Slow(Stream stream) => speed is { Link: null, Connection: null }
        ? stream
        : new SlowStream(stream, [.. new[] { _link, Pace.Of(speed.Connection) }.OfType<Pace>()]);

    /// <summary>Lets so many bytes pass in a second, whoever sends them.</summary>
    private sealed class Pace(long bytesPerSecond)
    {
        private readonly Lock _lock = new();
        private long _free;

        public static Pace? Of(long? bytesPerSecond) => bytesPerSecond is { } speed ? new Pace(speed) : null;

        public Task PassAsync(int bytes, CancellationToken cancellationToken)
        {
            TimeSpan wait;
            lock (_lock)
            {
                var now = Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
                _free = Math.Max(_free, now) + bytes * TimeSpan.TicksPerSecond / bytesPerSecond;
                wait = TimeSpan.FromTicks(_free - now);
            }

            return Task.Delay(wait, cancellationToken);
        }
    }

    private sealed class SlowStream(Stream inner, Pace[] paces) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            foreach (var pace in read > 0 ? paces : [])
                await pace.PassAsync(read, cancellationToken);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
