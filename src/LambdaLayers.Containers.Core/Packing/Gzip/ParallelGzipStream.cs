using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace LambdaLayers.Containers.Core.Packing.Gzip;

/// <summary>
/// Writes one gzip member (RFC 1952) without name and time. Pieces of fixed length are compressed apart from one another
/// on all cores and written in order, so the number of cores changes the speed and not the bytes. At most
/// <see cref="MaxRunning"/> pieces are held.
/// </summary>
/// <param name="output">Takes the compressed bytes; stays open.</param>
/// <param name="level">1 (fast) to 9 (small).</param>
/// <remarks>Pieces of 1 MiB cost 0.2 to 0.7 % in size against one stream, measured on AWS's own layers.</remarks>
internal sealed class ParallelGzipStream(Stream output, int level) : Stream
{
    /// <summary>Part of what the bytes depend on: a change needs a new packer version.</summary>
    public const int ChunkLength = 1 << 20;

    private static readonly int MaxRunning = Math.Clamp(Environment.ProcessorCount, 1, 8) + 1;

    // No flags, no time, no hint, and "unknown" as system, whatever the system is.
    private static readonly byte[] Header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    // A last block with nothing in it: fixed codes, end of block.
    private static readonly byte[] LastBlock = [3, 0];

    private readonly int _level = level is >= 1 and <= 9 ? level : throw new ArgumentOutOfRangeException(nameof(level));
    private readonly Queue<Task<(byte[] Bytes, int Length)>> _running = new();
    private readonly Crc32 _crc = new();
    private byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
    private int _filled;
    private long _length;
    private bool _begun;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Uncompressed bytes so far.</summary>
    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _crc.Append(buffer.Span);
        while (buffer.Length > 0)
        {
            var taken = Math.Min(buffer.Length, ChunkLength - _filled);
            buffer[..taken].CopyTo(_chunk.AsMemory(_filled));
            (_filled, _length, buffer) = (_filled + taken, _length + taken, buffer[taken..]);
            if (_filled == ChunkLength)
                await StartChunkAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the member. Without it the output is not a gzip file; nothing may be written afterwards.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await StartChunkAsync(cancellationToken);
        await WriteHeaderOnceAsync(cancellationToken);
        while (_running.Count > 0)
            await WriteOldestAsync(cancellationToken);
        var trailer = new byte[LastBlock.Length + 8];
        LastBlock.CopyTo(trailer, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(2), _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(6), (uint)_length);
        await output.WriteAsync(trailer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _chunk.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = [];
        }

        base.Dispose(disposing);
    }

    private async ValueTask StartChunkAsync(CancellationToken cancellationToken)
    {
        if (_running.Count == MaxRunning)
            await WriteOldestAsync(cancellationToken);
        var (chunk, filled, level) = (_chunk, _filled, _level);
        _running.Enqueue(Task.Run(() => Compress(chunk, filled, level), cancellationToken));
        _chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        _filled = 0;
    }

    private static (byte[] Bytes, int Length) Compress(byte[] chunk, int filled, int level)
    {
        var compressed = DeflateChunk.Compress(chunk, filled, level);
        ArrayPool<byte>.Shared.Return(chunk);
        return compressed;
    }

    private async Task WriteOldestAsync(CancellationToken cancellationToken)
    {
        await WriteHeaderOnceAsync(cancellationToken);
        var (bytes, length) = await _running.Dequeue();
        await output.WriteAsync(bytes.AsMemory(0, length), cancellationToken);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private async ValueTask WriteHeaderOnceAsync(CancellationToken cancellationToken)
    {
        if (_begun)
            return;
        _begun = true;
        await output.WriteAsync(Header, cancellationToken);
    }
}
