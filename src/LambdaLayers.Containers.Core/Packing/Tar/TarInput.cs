using System.Buffers;

namespace LambdaLayers.Containers.Core.Packing.Tar;

/// <summary>
/// Reads a tar of any dialect that image builders write: V7, ustar, star, GNU (long names, base-256), PAX. Sequential, in
/// constant memory. Damage is told as <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/>.
/// </summary>
/// <remarks>
/// Not System.Formats.Tar: it takes extended headers of up to 2 GB into memory, and replaces bytes that are not UTF-8 in names,
/// so that two files become one.
/// Global PAX headers are skipped, as Go's archive/tar and so every container engine does; those that would rename, resize
/// or relink entries for GNU tar and others are refused.
/// </remarks>
internal sealed class TarInput : IAsyncDisposable
{
    private const int ExtensionLimit = 1 << 20;
    private const int BufferLength = 1 << 16;
    private const long LargestSize = long.MaxValue >> 1;

    private readonly BufferedStream _input;
    private readonly byte[] _block = new byte[TarHeader.BlockLength];
    private long _content;
    private int _padding;

    /// <param name="input">The uncompressed tar; disposed with this.</param>
    public TarInput(Stream input) => _input = new BufferedStream(input, BufferLength);

    /// <summary>Whether the tar ended as it should: two blocks of zeros, and nothing but zeros after them.</summary>
    public bool EndedProperly { get; private set; }

    /// <summary>Whether there was a PAX header for all entries after it.</summary>
    public bool HasGlobalHeader { get; private set; }

    /// <summary>The next entry, or null at the end; content of the one before that nobody read is skipped.</summary>
    public async Task<TarItem?> NextAsync(CancellationToken cancellationToken)
    {
        await SkipContentAsync(cancellationToken);
        var extras = new TarExtras();
        while (await ReadBlockAsync(cancellationToken))
        {
            if (_block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                await ReadEndAsync(cancellationToken);
                return extras.IsEmpty ? null : throw new InvalidDataException("it ends after a header for a long name");
            }

            var header = TarBlock.Read(_block);
            switch (header.Type)
            {
                case 'g':
                    CheckGlobal(PaxRecords.Parse(await ReadExtensionAsync(header.Size, cancellationToken)));
                    break;
                case 'x' or 'X':
                    extras.Pax = PaxRecords.Parse(await ReadExtensionAsync(header.Size, cancellationToken));
                    break;
                case 'L':
                    extras.LongName = TarField.Text(await ReadExtensionAsync(header.Size, cancellationToken));
                    break;
                case 'K':
                    extras.LongLink = TarField.Text(await ReadExtensionAsync(header.Size, cancellationToken));
                    break;
                default:
                    return await BeginAsync(extras.Complete(header), cancellationToken);
            }
        }

        return extras.IsEmpty ? null : throw new EndOfStreamException("it ends after a header for a long name");
    }

    /// <summary>Reads content of the current entry; 0 at its end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(buffer.Length, _content);
        if (wanted == 0)
            return 0;
        var read = await _input.ReadAsync(buffer[..wanted], cancellationToken);
        if (read == 0)
            throw new EndOfStreamException("it ends within a file");
        _content -= read;
        return read;
    }

    /// <summary>Reads the beginning of the current entry's content, as much as the buffer holds.</summary>
    public async Task<int> ReadHeadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var total = 0;
        for (int read; (read = await ReadAsync(buffer[total..], cancellationToken)) > 0;)
            total += read;
        return total;
    }

    public ValueTask DisposeAsync() => _input.DisposeAsync();

    private async Task<TarItem> BeginAsync(TarItem entry, CancellationToken cancellationToken)
    {
        // The map of an old GNU sparse file goes on in blocks that its size does not count.
        if (entry.Type == 'S')
        {
            for (var more = _block[482] != 0; more; more = _block[504] != 0)
                await ReadWholeBlockAsync(cancellationToken);
        }

        if (entry.Size > LargestSize)
            throw new InvalidDataException("a header has an impossible size");
        _content = entry.Size;
        _padding = TarHeader.Padding(entry.Size);
        return entry;
    }

    private void CheckGlobal(PaxRecords records)
    {
        HasGlobalHeader = true;
        if (records is not { Path: null, LinkPath: null, Size: null, IsSparse: false })
            throw new InvalidDataException("a global PAX header has a path, a link or a size, which unpackers read differently");
    }

    private async Task<byte[]> ReadExtensionAsync(long size, CancellationToken cancellationToken)
    {
        if (size > ExtensionLimit)
            throw new InvalidDataException($"a header for a long name or PAX records claims {size} bytes");
        var bytes = new byte[size];
        await _input.ReadExactlyAsync(bytes, cancellationToken);
        await SkipAsync(TarHeader.Padding(size), cancellationToken);
        return bytes;
    }

    private async Task SkipContentAsync(CancellationToken cancellationToken)
    {
        await SkipAsync(_content + _padding, cancellationToken);
        (_content, _padding) = (0, 0);
    }

    private async Task SkipAsync(long count, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (count > 0)
            {
                var read = await _input.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
                count -= read > 0 ? read : throw new EndOfStreamException("it ends within an entry");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Everything is read, so that whoever hashes the tar has seen all of it.
    private async Task ReadEndAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferLength];
        var (total, zeros) = (0L, true);
        for (int read; (read = await _input.ReadAsync(buffer, cancellationToken)) > 0; total += read)
            zeros &= buffer.AsSpan(0, read).IndexOfAnyExcept((byte)0) < 0;
        EndedProperly = zeros && total >= TarHeader.BlockLength;
    }

    private async Task ReadWholeBlockAsync(CancellationToken cancellationToken)
    {
        if (!await ReadBlockAsync(cancellationToken))
            throw new EndOfStreamException("it ends within a header");
    }

    private async Task<bool> ReadBlockAsync(CancellationToken cancellationToken)
    {
        var read = await _input.ReadAtLeastAsync(_block, _block.Length, throwOnEndOfStream: false, cancellationToken);
        return read == _block.Length || (read == 0 ? false : throw new EndOfStreamException("it ends within a header"));
    }
}
