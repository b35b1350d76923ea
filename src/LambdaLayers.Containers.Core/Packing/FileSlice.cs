using LambdaLayers.Containers.Core.Content;
using Microsoft.Win32.SafeHandles;

namespace LambdaLayers.Containers.Core.Packing;

/// <summary>Some bytes of an open file, which its owner closes.</summary>
internal readonly record struct FileRange(SafeFileHandle File, long Start, long Length)
{
    /// <summary>The position of the first byte behind it.</summary>
    public long End => Start + Length;

    /// <summary>Reads it from its beginning; may be called again, and read at once.</summary>
    /// <param name="lastByteApart">Whether its last byte is handed out by a read of its own.</param>
    public FileSlice Open(bool lastByteApart = false) => new(File, Start, Length) { LastByteApart = lastByteApart };
}

/// <summary>
/// A read-only window on a file. Reads are positioned, so any number of slices of one handle can be read at once; the
/// handle's owner closes it.
/// </summary>
internal sealed class FileSlice(SafeFileHandle file, long start, long length) : ReadOnlyStream
{
    private long _position;
    private byte? _lastByte;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes of the window that nobody has read yet.</summary>
    public long Remaining => length - _position;

    /// <summary>Whether the last byte is handed out by a read of its own, so that one can see whether it was wanted.</summary>
    public bool LastByteApart { get; init; }

    public override int Read(Span<byte> buffer)
    {
        if (Remaining == 1 && _lastByte is { } last && buffer.Length > 0)
        {
            buffer[0] = last;
            _position++;
            return 1;
        }

        var wanted = (int)Math.Min(buffer.Length, Remaining);
        var read = wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], start + _position);
        if (LastByteApart && read > 1 && read == Remaining)
            _lastByte = buffer[--read];
        _position += read;
        return read;
    }

    // A positioned read from the page cache is far cheaper than a trip through the thread pool.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }
}
