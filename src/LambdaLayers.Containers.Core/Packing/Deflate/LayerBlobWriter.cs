using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Threading.Channels;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Packing.Zip;

namespace LambdaLayers.Containers.Core.Packing.Deflate;

/// <summary>
/// Writes a tar as one gzip member (RFC 1952) without name and time. The tar is cut into pieces of fixed length, which are
/// worked on by all cores and written in order, so the number of cores changes the speed and not the bytes. Content that is
/// there as deflate data already is taken over block by block.
/// </summary>
/// <remarks>
/// The caller makes the bytes of the tar (for a zip by inflating), right in the piece. A full piece is hashed in its turn, and
/// on any core its parts are compressed, or, where they are taken over, the deflate data walked over. Then it is written and
/// the blob hashed. There are a few pieces in all, which go round: a caller who is faster than the others waits for one.
/// What loops over bytes or symbols is compiled optimized at once: most layers are packed before the runtime would have
/// found out that it pays.
/// </remarks>
internal sealed class LayerBlobWriter : IAsyncDisposable
{
    /// <summary>
    /// Shorter deflate data are compressed anew: together with the headers around them they become smaller than alone.
    /// </summary>
    public const int MinReused = 1 << 11;

    private const int CopyLength = 1 << 17;

    private static readonly int MaxPieces = Math.Clamp(Environment.ProcessorCount, 1, 8) + 4;

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
    private readonly Channel<Piece> _free = Channel.CreateUnbounded<Piece>();
    private readonly Channel<Piece> _hashing = Channel.CreateUnbounded<Piece>();
    private readonly Channel<Piece> _writing = Channel.CreateUnbounded<Piece>();
    private readonly List<Piece> _pieces = [];
    private readonly Task _workers;
    private byte[]? _copyBuffer;
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
        _piece = NewPiece();
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

    /// <summary>Room for the next bytes of the tar, at least for one; <see cref="AdvanceAsync"/> says how many there are.</summary>
    public Memory<byte> Room
    {
        get
        {
            var room = Piece.MaxLength - _piece.Length;
            return _piece.Data.AsMemory(_piece.End, _reusedLeft > 0 ? (int)Math.Min(room, _reusedLeft) : room);
        }
    }

    /// <summary>Adds bytes that were put into <see cref="Room"/>.</summary>
    public ValueTask AdvanceAsync(int count)
    {
        _piece.End += count;
        if (_reusedLeft > 0)
        {
            _reusedLeft -= count;
            if (_reusedLeft == 0)
                _piece.BeginCompressed();
        }

        return _piece.Length == Piece.MaxLength ? NextPieceAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Adds bytes of the tar.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Room.Length)
            return WritePartsAsync(bytes);
        bytes.CopyTo(Room);
        return AdvanceAsync(bytes.Length);
    }

    /// <summary>
    /// Says that the next bytes of the tar are the content of <paramref name="entry"/>. Where its source has it as deflate
    /// data, and that is long enough, those go into the blob.
    /// </summary>
    public void BeginContent(LayerEntry entry)
    {
        if (!_compression.Reuse || entry.Deflated is not { Size: >= MinReused } || entry.Size == 0)
            return;
        _piece.EndCompressed();
        _piece.Parts.Add(new Piece.Part(entry));
        _reusedLeft = entry.Size;
    }

    /// <summary>Ends the member, and waits for all that is still at work. Nothing may be written afterwards.</summary>
    public async Task CompleteAsync()
    {
        PassOn();
        _hashing.Writer.Complete();
        _writing.Writer.Complete();
        await _workers;
        // Only now is it sure that nobody has them any more; those of a packing that fails are left to the garbage collector.
        _pieces.ForEach(static piece => piece.Dispose());
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

    private Piece NewPiece()
    {
        var piece = new Piece();
        _pieces.Add(piece);
        return piece;
    }

    // The next piece sees the end of this one, which comes just before it.
    private async ValueTask NextPieceAsync()
    {
        var full = _piece;
        // It goes on to be read while its end is copied.
        full.Readers = 3;
        PassOn();
        var next = await TakePieceAsync();
        next.BeginAfter(full, isReused: _reusedLeft > 0);
        _piece = next;
        Release(full);
    }

    private async ValueTask WritePartsAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, Room.Length);
            bytes[..taken].CopyTo(Room);
            bytes = bytes[taken..];
            await AdvanceAsync(taken);
        }
    }

    private void PassOn()
    {
        var piece = _piece;
        piece.EndCompressed();
        _tarLength += piece.Length;
        _hashing.Writer.TryWrite(piece);
        // In the midst of an entry that is taken over there is nothing else to do.
        if (piece.Parts.Count == 0)
        {
            Release(piece);
            return;
        }

        piece.Work = Task.Run(() => PieceWorker.WorkOn(piece, _level), _stop.Token);
        _writing.Writer.TryWrite(piece);
    }

    // A worker that fails stops the others and the caller, who then hears why.
    private async ValueTask<Piece> TakePieceAsync()
    {
        try
        {
            if (!_free.Reader.TryRead(out var piece))
                piece = _pieces.Count < MaxPieces ? NewPiece() : await _free.Reader.ReadAsync(_stop.Token);
            _stop.Token.ThrowIfCancellationRequested();
            return piece;
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
        await foreach (var piece in _writing.Reader.ReadAllAsync(_stop.Token))
        {
            await piece.Work;
            var position = 0;
            foreach (var part in piece.Parts)
            {
                if (part.Entry is null)
                    await _buffered.WriteAsync(piece.Output.AsMemory(position, part.Length), _stop.Token);
                else
                    await ReuseAsync(part.Entry, part.Extent);
                position += part.Length;
            }

            Release(piece);
        }
    }

    private async Task ReuseAsync(LayerEntry entry, DeflateExtent? extent)
    {
        if (extent is { } valid)
        {
            _reused++;
            await CopyAsync(entry, valid);
        }
        else
        {
            _refused++;
            await RecompressAsync(entry);
        }
    }

    // The last block is no longer the last; an empty stored one, which ends at a byte boundary, follows it (RFC 1951, 3.2.3
    // and 3.2.4), unless it ends at one itself.
    private async Task CopyAsync(LayerEntry entry, DeflateExtent extent)
    {
        await using var raw = entry.Deflated!.Open();
        var buffer = _copyBuffer ??= GC.AllocateUninitializedArray<byte>(CopyLength);
        var (position, size) = (0L, entry.Deflated.Size);
        var open = (int)(extent.End & 7);
        while (position < size)
        {
            var read = Read(entry, raw, buffer);
            if (extent.LastBlock >> 3 is var flag && flag >= position && flag < position + read)
                buffer[flag - position] &= (byte)~(1 << (int)(extent.LastBlock & 7));
            position += read;
            if (position == size && open != 0)
                buffer[read - 1] &= (byte)((1 << open) - 1);
            await _buffered.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }

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
        using var piece = new Piece();
        while (true)
        {
            piece.End += await content.ReadAtLeastAsync(
                piece.Data.AsMemory(piece.Start, Piece.MaxLength), Piece.MaxLength, throwOnEndOfStream: false, _stop.Token);
            if (piece.Length == 0)
                break;
            piece.EndCompressed();
            PieceWorker.WorkOn(piece, _level);
            await _buffered.WriteAsync(piece.Output.AsMemory(0, piece.Parts[0].Length), _stop.Token);
            piece.BeginAfter(piece, isReused: false);
        }
    }

    private void Release(Piece piece)
    {
        if (Interlocked.Decrement(ref piece.Readers) == 0)
            _free.Writer.TryWrite(piece);
    }
}
