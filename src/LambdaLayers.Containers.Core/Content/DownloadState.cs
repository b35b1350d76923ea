using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>What has arrived of a download: bytes in a file, their hash so far, and which version of the content they are of.</summary>
internal sealed class DownloadState(DownloadRequest request, FileStream file) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private EntityTagHeaderValue? _tag;
    private long? _total;

    public long Received { get; private set; }

    /// <summary>Whether all is there; a stream of untold length is complete when it ends in order.</summary>
    public bool IsComplete => (request.Size ?? _total ?? Received) == Received;

    /// <summary>Asks for what is missing, provided that the content is still the same.</summary>
    public void Prepare(HttpRequestMessage message)
    {
        if (Received == 0)
            return;
        message.Headers.Range = new RangeHeaderValue(Received, null);
        if (_tag is { IsWeak: false })
            message.Headers.IfRange = new RangeConditionHeaderValue(_tag);
    }

    /// <summary>
    /// Whether the body continues (or begins anew) what is here; if not, all is dropped, so that the next attempt asks
    /// for the whole. Sizes that cannot be right fail at once, before anything is transferred.
    /// </summary>
    public bool Accept(HttpResponseMessage response)
    {
        var range = response.Content.Headers.ContentRange;
        var partial = response.StatusCode == HttpStatusCode.PartialContent;
        var continues = partial && range is { Unit: "bytes", From: { } from } && from == Received
            && (_tag is null || response.Headers.ETag is not { } tag || tag.Equals(_tag));
        if (!continues)
            Restart();
        // Anything else than the part asked for, or the whole, is of no use.
        if (partial && !continues)
            return false;
        _tag ??= response.Headers.ETag;
        _total = partial ? range?.Length : response.Content.Headers.ContentLength;
        CheckTotal(response.RequestMessage?.RequestUri?.Host ?? "");
        return true;
    }

    /// <summary>Forgets everything, because the server cannot continue it.</summary>
    public void Restart()
    {
        file.SetLength(0);
        _hash.TryGetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes], out _);
        _tag = null;
        _total = null;
        Received = 0;
    }

    /// <summary>Writes and hashes until the body ends; a broken one throws <see cref="HttpRequestException"/>.</summary>
    public async Task AppendAsync(
        Stream body, string host, StallGuard stall, DownloadProgress progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        for (int read; (read = await ReadAsync(body, buffer, stall.Token)) > 0;)
        {
            stall.Alive();
            if (request.Size is { } size && Received + read > size)
                throw RemoteErrors.DownloadSize(host, size, Received + read);
            if (Received + read > request.MaximumSize)
                throw RemoteErrors.DownloadTooLarge(host, request.MaximumSize);
            _hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            Received += read;
            progress.Report(Received);
        }
    }

    /// <summary>Of all that has arrived; ends the hashing.</summary>
    public Digest Digest() => Content.Digest.FromHash(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    // Keeps trouble with the network apart from trouble with the disk.
    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e)
        {
            throw new HttpRequestException("The body broke off.", e);
        }
    }

    private void CheckTotal(string host)
    {
        if (_total is not { } total)
            return;
        if (request.Size is { } size && total != size)
            throw RemoteErrors.DownloadSize(host, size, total);
        if (total > request.MaximumSize)
            throw RemoteErrors.DownloadTooLarge(host, request.MaximumSize);
    }
}
