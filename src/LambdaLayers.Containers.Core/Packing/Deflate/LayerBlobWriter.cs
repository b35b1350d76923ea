using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Threading.Channels;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Writes a tar as one gzip member (RFC 1952) without name and time. What must be compressed is cut into pieces of fixed
/// length, which are compressed on all cores and written in order, so the number of cores changes the speed and not
/// the bytes. Content that is there as deflate data already is taken over block by block.
/// </summary>
/// <remarks>
/// Three things happen at once: the caller makes the bytes of the tar (for a zip by inflating), a second thread hashes
/// them, and a third writes and hashes the blob; with deflate data the caller's bytes serve only the hash and the check
/// of size and CRC, while the third thread walks over the data and copies them. At most some pieces are held.
/// </remarks>
internal sealed class LayerBlobWriter : IAsyncDisposable
{
    /// <summary>Part of what the bytes depend on, as is that a piece sees what came before it.</summary>
    public const int PieceLength = 1 << 18;

    /// <summary>
    /// Shorter deflate data are compressed anew: together with the headers around them they become smaller than alone.
    /// </summary>
    public const int MinReused = 1 << 12;

    private const int CopyLength = 1 << 17;
    private const int HeldPieces = 16;

    // No flags, no time, no hint, and "unknown" as system, whatever the system is.
    private static readonly byte[] Header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    // A last block with nothing in it: fixed codes, end of block.
    private static readonly byte[] LastBlock = [3, 0];

    // The rest of an empty stored block after its three bits: length 0, and its complement.
    private static readonly byte[] EmptyStored = [0, 0, 0xFF, 0xFF];

    private readonly Compression _compression;
    private readonly DeflateLevel _level;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop;
    private readonly HashingWriteStream _blob;
    private readonly BufferedStream _buffered;
    private readonly IncrementalHash _tarHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Crc32 _tarCrc = new();
    private readonly Channel<Piece> _hashing = Bounded<Piece>(HeldPieces);
    private readonly Channel<Func<Task>> _writing = Bounded<Func<Task>>(Math.Clamp(Environment.ProcessorCount, 1, 8) + 2);
    private readonly Task _workers;
    private readonly ConcurrentBag<byte[]> _freePieces = [];
    private readonly ConcurrentBag<byte[]> _freeOutputs = [];
    private readonly ConcurrentBag<DeflateEncoder> _freeEncoders = [];
    private readonly DeflateWalker _walker = new();
    private Piece _piece;
    private long _tarLength;
    private long _reusedLeft; // bytes of the tar that the deflate data taken over stand for
    private int _reused;
    private int _refused;

    /// <param name="output">Takes the blob; stays open.</param>
    public LayerBlobWriter(Stream output, Compression compression, CancellationToken cancellationToken)
    {
        _compression = compression;
        _level = DeflateLevel.Of(compression.Level);
        _cancellation = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _blob = new HashingWriteStream(output);
        _buffered = new BufferedStream(_blob, CopyLength);
        _piece = NewPiece(0);
        _workers = Task.WhenAll(WorkAsync(HashAsync), WorkAsync(WriteBlobAsync));
    }

    /// <summary>Of the blob; this and what follows once it is complete.</summary>
    public Digest Digest => _blob.Digest;

    /// <summary>The digest of the tar.</summary>
    public Digest DiffId => Digest.FromHash(_tarHash.GetCurrentHash());

    /// <summary>Bytes of the blob.</summary>
    public long Length => _blob.Length;

    /// <summary>Entries whose deflate data were taken over.</summary>
    public int Reused => _reused;

    /// <summary>Entries whose deflate data could not be taken over, because they are not what they should be.</summary>
    public int Refused => _refused;

    /// <summary>Adds bytes of the tar.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, PieceLength - _piece.Length);
            if (_reusedLeft > 0)
                taken = (int)Math.Min(taken, _reusedLeft);
            bytes[..taken].CopyTo(_piece.Data.AsMemory(_piece.End));
            _piece.End += taken;
            bytes = bytes[taken..];
            var isReused = _reusedLeft > 0;
            if (isReused)
                _reusedLeft -= taken;
            if (_piece.Length == PieceLength || (isReused && _reusedLeft == 0))
                await PassOnAsync(isReused);
        }
    }

    /// <summary>
    /// Says that the next bytes of the tar are the content of <paramref name="entry"/>. Where its source has it as deflate
    /// data, and that is long enough, those go into the blob.
    /// </summary>
    public async ValueTask BeginContentAsync(LayerEntry entry)
    {
        if (!_compression.Reuse || entry.Deflated is not { Size: >= MinReused } || entry.Size == 0)
            return;
        await PassOnAsync(isReused: false);
        _piece.Start = _piece.End = 0; // what came before is no longer just before
        _reusedLeft = entry.Size;
        await SendAsync(_writing.Writer, () => ReuseAsync(entry));
    }

    /// <summary>Ends the member, and waits for all that is still at work. Nothing may be written afterwards.</summary>
    public async Task CompleteAsync()
    {
        await PassOnAsync(isReused: false);
        _hashing.Writer.Complete();
        _writing.Writer.Complete();
        await _workers;
        var trailer = new byte[LastBlock.Length + 8];
        LastBlock.CopyTo(trailer, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(2), _tarCrc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(6), (uint)_tarLength);
        await _buffered.WriteAsync(trailer, _cancellation);
        await _buffered.FlushAsync(_cancellation);
    }

    /// <summary>Stops all work. Without <see cref="CompleteAsync"/> before, what was written is no gzip file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _tarHash.Dispose();
        await _blob.DisposeAsync();
    }

    private static Channel<T> Bounded<T>(int capacity) => Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });

    // Hands the piece to its readers and begins the next one, which sees the end of this one if it follows it in the stream.
    private async ValueTask PassOnAsync(bool isReused)
    {
        var piece = _piece;
        if (piece.Length == 0)
            return;
        _tarLength += piece.Length;
        _piece = NewPiece(0);
        if (isReused)
        {
            await SendAsync(_hashing.Writer, piece);
            return;
        }

        var kept = Math.Min(piece.End, DeflateFormat.WindowLength);
        piece.Data.AsSpan(piece.End - kept, kept).CopyTo(_piece.Data);
        _piece.Start = _piece.End = kept;
        piece.Readers = 2;
        await SendAsync(_hashing.Writer, piece);
        var encoding = Task.Run(() => Encode(piece), _stop.Token);
        await SendAsync(_writing.Writer, () => WriteEncodedAsync(encoding));
    }

    // A worker that fails stops the others and the caller, who then hears why.
    private async ValueTask SendAsync<T>(ChannelWriter<T> channel, T item)
    {
        try
        {
            await channel.WriteAsync(item, _stop.Token);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            await _workers;
            throw;
        }
    }

    private async Task WorkAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work, _stop.Token);
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task HashAsync()
    {
        await foreach (var piece in _hashing.Reader.ReadAllAsync(_stop.Token))
        {
            _tarHash.AppendData(piece.Content);
            _tarCrc.Append(piece.Content);
            Release(piece);
        }
    }

    private async Task WriteBlobAsync()
    {
        await _buffered.WriteAsync(Header, _stop.Token);
        await foreach (var write in _writing.Reader.ReadAllAsync(_stop.Token))
            await write();
    }

    private async Task WriteEncodedAsync(Task<(byte[] Bytes, int Length)> encoding)
    {
        var (bytes, length) = await encoding;
        await _buffered.WriteAsync(bytes.AsMemory(0, length), _stop.Token);
        _freeOutputs.Add(bytes);
    }

    private (byte[] Bytes, int Length) Encode(Piece piece)
    {
        var encoder = _freeEncoders.TryTake(out var free) ? free : new DeflateEncoder();
        var output = _freeOutputs.TryTake(out var used) ? used : new byte[DeflateEncoder.MaxEncoded(PieceLength)];
        var length = encoder.Encode(piece.Data, piece.Start, piece.End, _level, output);
        _freeEncoders.Add(encoder);
        Release(piece);
        return (output, length);
    }

    // The data are walked over before anything is written, so that a stream that is not what it should be costs nothing
    // but the compression of its content.
    private async Task ReuseAsync(LayerEntry entry)
    {
        if (TryWalk(entry, out var extent))
        {
            _reused++;
            await CopyAsync(entry, extent);
        }
        else
        {
            _refused++;
            await RecompressAsync(entry);
        }
    }

    private bool TryWalk(LayerEntry entry, out DeflateExtent extent)
    {
        try
        {
            using var raw = entry.Deflated!.Open();
            return _walker.TryWalk(raw, out extent) && extent.Length == entry.Size;
        }
        catch (IOException)
        {
            extent = default;
            return false; // the entry's own stream says it better
        }
    }

    // The last block is no longer the last; an empty stored one, which ends at a byte boundary, follows it (RFC 1951, 3.2.3
    // and 3.2.4), unless it ends at one itself.
    private async Task CopyAsync(LayerEntry entry, DeflateExtent extent)
    {
        await using var raw = entry.Deflated!.Open();
        var buffer = _freeOutputs.TryTake(out var used) ? used : new byte[DeflateEncoder.MaxEncoded(PieceLength)];
        var (position, size) = (0L, entry.Deflated.Size);
        var open = (int)(extent.End & 7);
        while (position < size)
        {
            var read = Read(entry, raw, buffer.AsSpan(0, CopyLength));
            if (extent.LastBlock >> 3 is var flag && flag >= position && flag < position + read)
                buffer[flag - position] &= (byte)~(1 << (int)(extent.LastBlock & 7));
            position += read;
            if (position == size && open != 0)
                buffer[read - 1] &= (byte)((1 << open) - 1);
            await _buffered.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }

        _freeOutputs.Add(buffer);
        if (open > 5)
            await _buffered.WriteAsync(EmptyStored.AsMemory(0, 1), _stop.Token); // three zeros do not fit into the last byte
        if (open > 0)
            await _buffered.WriteAsync(EmptyStored, _stop.Token);
    }

    private static int Read(LayerEntry entry, Stream raw, Span<byte> buffer)
    {
        try
        {
            return raw.Read(buffer) is var read and > 0 ? read : throw new EndOfStreamException();
        }
        catch (IOException e)
        {
            throw ZipErrors.EntryDataDamaged(entry.Path, e);
        }
    }

    private async Task RecompressAsync(LayerEntry entry)
    {
        await using var content = entry.Open!();
        var data = NewPiece(0).Data;
        for (var start = 0; ;)
        {
            var read = await content.ReadAtLeastAsync(
                data.AsMemory(start, PieceLength), PieceLength, throwOnEndOfStream: false, _stop.Token);
            if (read == 0)
                break;
            var end = start + read;
            await WriteEncodedAsync(Task.FromResult(Encode(new Piece(data) { Start = start, End = end, Readers = 2 })));
            start = Math.Min(end, DeflateFormat.WindowLength);
            data.AsSpan(end - start, start).CopyTo(data);
        }

        _freePieces.Add(data);
    }

    private Piece NewPiece(int start) => new(_freePieces.TryTake(out var free)
        ? free
        : new byte[DeflateFormat.WindowLength + PieceLength + DeflateEncoder.Slack])
    {
        Start = start,
        End = start,
    };

    private void Release(Piece piece)
    {
        if (Interlocked.Decrement(ref piece.Readers) == 0)
            _freePieces.Add(piece.Data);
    }

    /// <summary>Some bytes of the tar, with those before them that the encoder may refer to.</summary>
    private sealed class Piece(byte[] data)
    {
        public byte[] Data { get; } = data;

        public int Start { get; set; }

        public int End { get; set; }

        public int Length => End - Start;

        public ReadOnlySpan<byte> Content => Data.AsSpan(Start, Length);

        /// <summary>Who still reads it; the last one gives the array back.</summary>
        public int Readers = 1;
    }
}
