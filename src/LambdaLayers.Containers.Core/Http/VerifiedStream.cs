using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>What is transferred, how to get it, and how to know that it is right.</summary>
/// <param name="What">For the log: <c>the blob sha256:… of '…'</c>.</param>
/// <param name="Digest">Of the whole.</param>
/// <param name="OpenAsync">
/// Asks once for the whole or for the part that the range names, and returns a response with status 200 or 206.
/// Throws <see cref="HttpFailure"/> where another try may help.
/// </param>
/// <param name="Explain">The user's words for a failure that is final.</param>
internal sealed record Transfer(
    string What,
    Digest Digest,
    Func<RangeAsked, CancellationToken, Task<HttpResponseMessage>> OpenAsync,
    Func<HttpFailure, LayersException> Explain)
{
    /// <summary>Exact size in bytes, where it is known beforehand.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes after which a transfer of unknown size is given up.</summary>
    public long MaximumSize { get; init; } = long.MaxValue;

    /// <summary>How a line about a slow transfer begins; null for no lines.</summary>
    public string? Progress { get; init; }
}

/// <summary>The part of the content that is still missing.</summary>
/// <param name="Offset">Of its first byte; 0 for the whole.</param>
/// <param name="Tag">What the part must be of.</param>
internal readonly record struct RangeAsked(long Offset, EntityTagHeaderValue? Tag)
{
    /// <summary>Adds Range and If-Range (RFC 9110, 14.2 and 13.1.5).</summary>
    public void Set(HttpRequestHeaders headers)
    {
        if (Offset == 0)
            return;
        headers.Range = new RangeHeaderValue(Offset, null);
        if (Tag is { IsWeak: false })
            headers.IfRange = new RangeConditionHeaderValue(Tag);
    }
}

/// <summary>
/// Content as it comes from a server. Goes on after a cut where it left off; hands out its last byte only when all of it has
/// the promised digest, and never more than the promised size. Read to the end before trusting any of it.
/// </summary>
internal sealed class VerifiedStream(HttpTransport transport, Transfer transfer) : ReadOnlyStream
{
    private const int CopyBuffer = 128 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly RetryLoop _retries = transport.NewRetries(transfer.What);
    private readonly TransferProgress? _progress =
        transfer.Progress is null ? null : transport.NewProgress(transfer.Progress, transfer.Size);

    private HttpResponseMessage? _response;
    private Stream? _body;
    private TransferWatch? _watch;
    private EntityTagHeaderValue? _tag;
    private string _host = "";
    private long? _total = transfer.Size;
    private long _position;
    private long _skip;
    private long _lastCut;
    private bool _asksForRanges = true;
    private bool _resumed;
    private bool _ended;
    private LayersException? _failure;

    /// <summary>Known once the transfer has begun, if at all.</summary>
    public override long Length => _total ?? throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether it failed only because its parts do not fit together: then the whole may well be right.</summary>
    public bool IsPatchwork { get; private set; }

    /// <summary>
    /// Brings a whole transfer into <paramref name="file"/>. What was put together from parts and is wrong is fetched once
    /// more from its beginning, since without an ETag nobody can tell that the content has changed in between.
    /// </summary>
    public static async Task CopyAsync(
        HttpTransport transport, Transfer transfer, Stream file, CancellationToken cancellationToken)
    {
        for (var second = false; ; second = true)
        {
            await using var stream = new VerifiedStream(transport, transfer);
            try
            {
                await stream.OpenAsync(cancellationToken);
                await stream.CopyToAsync(file, CopyBuffer, cancellationToken);
                return;
            }
            catch (LayersException) when (stream.IsPatchwork && !second)
            {
                file.SetLength(0);
            }
        }
    }

    /// <summary>Starts the transfer, so that what is missing or forbidden fails here.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (_body is null && !_ended)
            await AttemptAsync(transfer.Size == 0 ? EndAsync : ConnectAsync, cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Whoever goes on after a failure must not take the end for a good one.
        if (_failure is not null)
            throw _failure;
        var read = 0;
        while (read == 0 && buffer.Length > 0 && !_ended)
        {
            await AttemptAsync(
                async token =>
                {
                    if (_body is null)
                        await ConnectAsync(token);
                    read = await ReadOnceAsync(buffer, token);
                },
                cancellationToken);
        }

        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        var read = ReadAsync(bytes).AsTask().GetAwaiter().GetResult();
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task AttemptAsync(Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        HttpFailure failure;
        try
        {
            await attempt(cancellationToken);
            return;
        }
        catch (HttpFailure e)
        {
            failure = e;
        }
        catch (LayersException e)
        {
            throw _failure = e;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            failure = Cut(HttpFailure.Innermost(e), e);
        }

        Disconnect();
        // A server that cannot send this part can still send the whole, and what is here already is passed over.
        _asksForRanges &= failure.Kind != HttpFailureKind.RangeRefused;
        if (_position - _lastCut >= transport.Policy.EnoughProgress)
            _retries.Progressed();
        _lastCut = _position;
        if (await _retries.WaitAsync(failure, cancellationToken))
            return;
        IsPatchwork = failure.Kind == HttpFailureKind.Changed || (_resumed && failure.Kind == HttpFailureKind.WrongDigest);
        throw _failure = transfer.Explain(failure);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var offset = _asksForRanges ? _position : 0;
        _response = await transfer.OpenAsync(new RangeAsked(offset, _tag), cancellationToken);
        _host = _response.RequestMessage?.RequestUri?.Authority ?? "";
        _skip = Check(_response, offset);
        _resumed |= _position > 0;
        _watch = new TransferWatch(transport.Policy, transport.Time);
        _body = await _response.Content.ReadAsStreamAsync(cancellationToken);
    }

    // How many bytes to pass over, because the server sends more than the part that was asked for.
    private long Check(HttpResponseMessage response, long offset)
    {
        if (_tag is not null && response.Headers.ETag is { } tag && !tag.Equals(_tag))
            throw Failed(HttpFailureKind.Changed, "the content has changed while it was downloaded");
        _tag ??= response.Headers.ETag;
        var partial = response.StatusCode == HttpStatusCode.PartialContent;
        var range = response.Content.Headers.ContentRange;
        var total = partial ? range?.Length : response.Content.Headers.ContentLength;
        if (partial && (offset == 0 || range is not { Unit: "bytes" } || range.From != offset))
            throw offset == 0
                ? Failed(HttpFailureKind.WrongSize, $"the range '{range}'", $"{_total}")
                : Failed(HttpFailureKind.RangeRefused, "it sent another part than the one asked for");
        if (total is not null && _total is not null && total != _total)
            throw Failed(HttpFailureKind.WrongSize, $"{total} bytes", $"{_total}");
        _total ??= total;
        if (_total > transfer.MaximumSize)
            throw Failed(HttpFailureKind.TooLarge, $"{_total} bytes", $"{transfer.MaximumSize}");
        return partial ? 0 : _position;
    }

    // Zero means that bytes were passed over, or that the transfer has ended.
    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = _skip > 0 ? _skip : (_total ?? transfer.MaximumSize) - _position;
        // One byte more than promised shows that there are more; of what announces its length, there are not.
        var read = wanted == 0
            ? await ReadBodyAsync(new byte[1], cancellationToken)
            : await ReadBodyAsync(buffer[..(int)Math.Min(buffer.Length, wanted)], cancellationToken);
        if (read == 0 && (_skip > 0 || _position < _total))
            throw Cut($"it ended after {_position} of {_total} bytes", null);
        if (read == 0)
        {
            End();
            return 0;
        }

        if (wanted == 0)
            throw _total is null
                ? Failed(HttpFailureKind.TooLarge, "more", $"{transfer.MaximumSize}")
                : Failed(HttpFailureKind.WrongSize, $"more than {_total} bytes", $"{_total}");
        if (_skip > 0)
        {
            _skip -= read;
            return 0;
        }

        _hash.AppendData(buffer.Span[..read]);
        _position += read;
        _progress?.Report(_position);
        if (_position == _total)
            await FinishAsync(cancellationToken);
        return read;
    }

    // The last bytes are only handed out when they are right.
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        var announced = _response!.Content.Headers.ContentLength is not null;
        if (!announced && await ReadBodyAsync(new byte[1], cancellationToken) > 0)
            throw Failed(HttpFailureKind.WrongSize, $"more than {_total} bytes", $"{_total}");
        End();
    }

    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _watch!.RunAsync(token => _body!.ReadAsync(buffer, token).AsTask(), cancellationToken);
        _watch.Moved(read);
        return read;
    }

    private Task EndAsync(CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    private void End()
    {
        Disconnect();
        var actual = Digest.FromHash(_hash.GetHashAndReset());
        if (actual != transfer.Digest)
            throw Failed(HttpFailureKind.WrongDigest, actual.ToString(), transfer.Digest.ToString());
        _ended = true;
    }

    private HttpFailure Cut(string reason, Exception? inner) => new(HttpFailureKind.Cut, _host, reason, inner);

    private HttpFailure Failed(HttpFailureKind kind, string actual, string expected = "") =>
        new(kind, _host, actual) { Expected = expected };

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }
}
