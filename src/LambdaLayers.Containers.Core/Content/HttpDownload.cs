using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>
/// Downloads into the cache: resumes after a cut, asks for a fresh link when one has expired, and keeps nothing whose
/// digest or size is wrong. The bytes of an interrupted build are in a temporary file that nobody looks at again.
/// </summary>
internal sealed class HttpDownload(HttpTransport transport, ContentCache cache, TimeProvider time, IEngineLog log)
{
    /// <summary>Makes sure that the cache holds the content; returns whether it had to be downloaded.</summary>
    public async Task<bool> FetchAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        if (await cache.ContainsAsync(request.Digest, cancellationToken))
            return false;
        using var making = await cache.LockAsync(request.Digest, cancellationToken);
        if (await cache.ContainsAsync(request.Digest, cancellationToken))
            return false;
        try
        {
            using var file = cache.CreateTemporary();
            using var state = new DownloadState(request, file.Stream);
            var host = await ReceiveAsync(request, state, cancellationToken);
            Verify(request, state, host);
            cache.Commit(file, request.Digest);
            return true;
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            throw EnvironmentErrors.DiskFull(cache.Paths.Root, e);
        }
    }

    private async Task<string> ReceiveAsync(DownloadRequest request, DownloadState state, CancellationToken cancellationToken)
    {
        var progress = new DownloadProgress(request.Name, request.Size, log, time);
        var retries = new DownloadRetries(time);
        var address = await request.Source(false, cancellationToken);
        while (true)
        {
            var before = state.Received;
            var outcome = await AttemptAsync(address, state, progress, cancellationToken);
            if (outcome.Done)
                return address.Host;
            if (state.Received > before)
                retries.Progressed();
            log.Low($"Download of {request.Name} from {address.Host}: {outcome.Reason}; {state.Received} bytes so far.");
            if (outcome.LinkExpired && request.LinksExpire)
            {
                if (!retries.MayRefresh())
                    throw RemoteErrors.DownloadLinkExpired(address.Host, outcome.Status);
                address = await request.Source(true, cancellationToken);
                continue;
            }

            if (!outcome.Transient)
                throw RemoteErrors.DownloadRefused(address.Host, outcome.Status, outcome.Reason);
            if (!await retries.WaitAsync(outcome.RetryAfter, cancellationToken))
                throw RemoteErrors.DownloadKeepsFailing(address.Host, outcome.Reason, state.Received, outcome.Exception);
        }
    }

    private async Task<DownloadOutcome> AttemptAsync(
        Uri address, DownloadState state, DownloadProgress progress, CancellationToken cancellationToken)
    {
        using var stall = new StallGuard(time, cancellationToken);
        try
        {
            using var response = await transport.GetAsync(address, state.Prepare, stall.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                state.Restart();
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
                return DownloadOutcome.Of(response, time);
            if (!state.Accept(response))
                return DownloadOutcome.Cut("the server sent another part than the one asked for");
            await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
            await state.AppendAsync(body, address.Host, stall, progress, cancellationToken);
            return state.IsComplete ? DownloadOutcome.Finished : DownloadOutcome.Cut("the connection was closed early");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return DownloadOutcome.Cut("no data for too long", e);
        }
        catch (HttpRequestException e)
        {
            return DownloadOutcome.Cut(Describe(e), e);
        }
    }

    private static string Describe(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the host's name is not known to DNS",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "the TLS certificate is not trusted, or it does not speak TLS",
        HttpRequestError.ProxyTunnelError => "the proxy refuses",
        _ => "the connection broke",
    };

    private static void Verify(DownloadRequest request, DownloadState state, string host)
    {
        if (request.Size is { } size && size != state.Received)
            throw RemoteErrors.DownloadSize(host, size, state.Received);
        var actual = state.Digest();
        if (actual != request.Digest)
            throw RemoteErrors.DownloadDigest(host, request.Digest.ToString(), actual.ToString());
    }
}
