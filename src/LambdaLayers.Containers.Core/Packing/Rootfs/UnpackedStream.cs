using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Takes the digest of a layer's unpacked bytes as they are read, and stops at a limit.</summary>
internal sealed class UnpackedStream(Stream inner, long limit) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public override long Position { get; set; }

    /// <summary>Of everything read so far.</summary>
    public Digest Digest => Digest.FromHash(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read]);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Note(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private void Note(ReadOnlySpan<byte> read)
    {
        _hash.AppendData(read);
        Position += read.Length;
        if (Position > limit)
            throw ContentErrors.ImageTooLarge("bytes, unpacked", limit);
    }
}
