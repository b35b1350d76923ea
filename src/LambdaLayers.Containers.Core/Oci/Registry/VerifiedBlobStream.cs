using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// A blob as it comes from a registry. Goes on after a cut where it left off; hands out its last byte only when all of
/// it
/// has the promised digest, and never more than the promised size. Read to the end before trusting any of it.
/// </summary>
internal sealed class VerifiedBlobStream : Stream
{
    // A transfer that moves this far between two cuts may be cut any number of times.
    private const int EnoughProgress = 1 << 20;

    private readonly BlobSource _source;
    private readonly Descriptor _blob;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private HttpResponseMessage? _response;
    private Stream? _body;
    private long _position;
    private long _skip;
    private long _lastCut;
    private int _cuts;
    private LayersException? _failure;

    /// <param name="source">Opens the transfer, as often as it takes.</param>
    public VerifiedBlobStream(BlobSource source, RegistryOptions options, TimeProvider time) =>
        (_source, _blob, _options, _time) = (source, source.Blob, options, time);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _blob.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Starts the transfer, so that what is missing or forbidden fails here.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_blob.Size == 0)
            Verify();
        else
            await ConnectAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Whoever goes on after a failure must not take the end for a good one.
        if (_failure is not null)
            throw _failure;
        if (buffer.Length == 0 || _position == _blob.Size)
            return 0;
        while (true)
        {
            try
            {
                if (_body is null)
                    await ConnectAsync(cancellationToken);
                var read = await ReadOnceAsync(buffer, cancellationToken);
                if (read > 0)
                    return read;
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                NoteCut(NetworkFailures.Innermost(e), e);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_cuts > 0)
            await Task.Delay(_options.FirstDelay * Math.Pow(2, _cuts - 1), _time, cancellationToken);
        (_response, _skip) = await _source.OpenAsync(_position, cancellationToken);
        _body = await _response.Content.ReadAsStreamAsync(cancellationToken);
    }

    // Zero means that bytes were skipped, or that the transfer must be taken up again.
    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = _skip > 0 ? Math.Min(buffer.Length, _skip) : Math.Min(buffer.Length, _blob.Size - _position);
        var read = await ReadWatchedAsync(buffer[..(int)wanted], cancellationToken);
        if (read == 0)
        {
            NoteCut($"it ended after {_position} of {_blob.Size} bytes", null);
            return 0;
        }

        if (_skip > 0)
        {
            _skip -= read;
            return 0;
        }

        _hash.AppendData(buffer.Span[..read]);
        _position += read;
        if (_position == _blob.Size)
        {
            Disconnect();
            Verify();
        }

        return read;
    }

    private async Task<int> ReadWatchedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(_options.ProgressTimeout, _time, cancellationToken);
        watch.Restart();
        try
        {
            return await _body!.ReadAsync(buffer, watch.Token);
        }
        catch (OperationCanceledException) when (watch.Stalled)
        {
            throw watch.Silence();
        }
    }

    private void NoteCut(string reason, Exception? inner)
    {
        Disconnect();
        _cuts = _position - _lastCut >= EnoughProgress ? 1 : _cuts + 1;
        _lastCut = _position;
        if (_cuts >= _options.MaximumAttempts)
            throw _failure = RemoteErrors.TransferCut(_source.Host, _source.What, reason, inner);
    }

    private void Verify()
    {
        var actual = Digest.FromHash(_hash.GetHashAndReset());
        if (actual != _blob.Digest)
            throw _failure = RemoteErrors.WrongDigest(_source.Host, _source.What, _blob.Digest.ToString(), actual.ToString());
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }
}
