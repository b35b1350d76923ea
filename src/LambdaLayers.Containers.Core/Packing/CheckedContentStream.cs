using System.IO.Hashing;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>
/// A file's bytes on their way into a layer: exactly as many as were declared, with the declared CRC-32 where there is
/// one. The check is made when the last byte is read, and not a byte beyond the declared size is handed out.
/// </summary>
/// <remarks>
/// Derived classes know how to say what is wrong. The read that completes the content looks for one byte more, so a
/// reader who stops at the declared size has also been told the truth.
/// </remarks>
internal abstract class CheckedContentStream(Stream inner, long size, uint? crc) : ReadOnlyStream
{
    private readonly Crc32 _crc = new();
    private long _position;
    private bool _checked;

    public override long Length => size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The error for content that ended after <paramref name="actual"/> bytes, or goes on (null).</summary>
    protected abstract LayersException WrongSize(long? actual);

    /// <summary>The error for content with another CRC-32 than declared.</summary>
    protected abstract LayersException WrongChecksum();

    /// <summary>The error for <paramref name="cause"/>, thrown by the source while it was read.</summary>
    protected abstract LayersException Unreadable(Exception cause);

    /// <summary>Called once all bytes are read and right; may throw for what only shows then.</summary>
    protected virtual void AtEnd()
    {
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0)
            return 0;
        try
        {
            var wanted = (int)Math.Min(buffer.Length, size - _position);
            var read = wanted == 0 ? 0 : inner.Read(buffer[..wanted]);
            Note(buffer[..read], wanted);
            if (_position == size && !_checked)
                CheckEnd(inner.ReadByte() < 0);
            return read;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        try
        {
            var wanted = (int)Math.Min(buffer.Length, size - _position);
            var read = wanted == 0 ? 0 : await inner.ReadAsync(buffer[..wanted], cancellationToken);
            Note(buffer.Span[..read], wanted);
            if (_position == size && !_checked)
                CheckEnd(await inner.ReadAsync(new byte[1], cancellationToken) == 0);
            return read;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> read, int wanted)
    {
        if (read.Length == 0 && wanted > 0)
            throw WrongSize(_position);
        _position += read.Length;
        if (crc is not null)
            _crc.Append(read);
    }

    private void CheckEnd(bool ended)
    {
        if (!ended)
            throw WrongSize(null);
        if (crc is { } expected && _crc.GetCurrentHashAsUInt32() != expected)
            throw WrongChecksum();
        AtEnd();
        _checked = true;
    }
}
