namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>Counts what goes through it, and can end the connection after so many bytes.</summary>
/// <param name="inner">What is read from or written to.</param>
internal sealed class MeteredStream(Stream inner) : Stream
{
    // What was sent should arrive before the reset overtakes it: clients that resume then do so from there.
    private static readonly TimeSpan ArrivalTime = TimeSpan.FromMilliseconds(50);

    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>So many bytes pass; then <see cref="Cut"/> is called and the transfer fails.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Ends the connection.</summary>
    public Action Cut { get; set; } = () => { };

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Count >= Limit)
            throw End();
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Limit - Count)], cancellationToken);
        Interlocked.Add(ref _count, read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var allowed = (int)Math.Min(buffer.Length, Limit - Count);
        await inner.WriteAsync(buffer[..allowed], cancellationToken);
        Interlocked.Add(ref _count, allowed);
        if (allowed == buffer.Length)
            return;
        await inner.FlushAsync(cancellationToken);
        await Task.Delay(ArrivalTime, cancellationToken);
        throw End();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private IOException End()
    {
        Cut();
        return new IOException($"Cut after {Count} bytes.");
    }
}
