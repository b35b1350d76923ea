using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// A slow network: a reverse proxy that adds a delay to each request, passes everything on byte for byte, counts requests and
/// the round trips that a client made one after the other, and can be slow for bodies too, or cut anywhere.
/// </summary>
public sealed class SlowProxy : IAsyncDisposable
{
    // With the usual 4 KiB the proxy itself would be the slowest part of a large transfer.
    private const int CopyBuffer = 1 << 17;

    private static readonly string[] HopByHop =
        ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ConcurrentQueue<RegistryRequest> _requests = new();
    private readonly Uri _upstream;
    private readonly TimeSpan _latency;
    private readonly NetworkLink _up;
    private readonly NetworkLink _down;
    private readonly LoopbackServer _server;

    /// <summary>Starts it.</summary>
    /// <param name="upstream">Where requests go, such as <see cref="ITestRegistry.Uncounted"/>.</param>
    /// <param name="latency">What each request waits before it is passed on.</param>
    /// <param name="speed">How fast bodies pass; null for as fast as it goes.</param>
    public SlowProxy(Uri upstream, TimeSpan latency, NetworkSpeed? speed = null)
    {
        (_up, _down) = (new NetworkLink(speed ?? new()), new NetworkLink(speed ?? new()));
        _upstream = upstream;
        _latency = latency;
        _server = LoopbackServer.Start(AnswerAsync, isProxy: true);
    }

    /// <summary>"localhost:PORT": what image references use, and what every client takes over plain HTTP.</summary>
    public string Host => $"localhost:{_server.Port}";

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    /// <summary>The requests that may change something.</summary>
    public IReadOnlyList<RegistryRequest> Writes => [.. _requests.Where(r => r.IsWrite)];

    /// <summary>See <see cref="RegistryRequest.LongestChain"/>.</summary>
    public int LongestChain => RegistryRequest.LongestChain(_requests);

    /// <summary>Refusals, cuts and further delays; the first that hits a request decides.</summary>
    public ConcurrentQueue<RegistryFault> Faults { get; } = new();

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = new RegistryRequest(context);
        _requests.Enqueue(request);
        try
        {
            await Task.Delay(_latency, context.RequestAborted);
            var fault = Faults.FirstOrDefault(f => f.Hits(request));
            if (fault is null || !await fault.ApplyAsync(context, request))
                await ForwardAsync(context);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // One of the two sides went away, or the test has cut: the other one sees the same.
            context.Abort();
        }
        finally
        {
            request.End();
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = CreateRequest(context.Request);
        using var response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.ToArray();
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await using var body = _down.Slow(await response.Content.ReadAsStreamAsync(context.RequestAborted));
            await body.CopyToAsync(context.Response.Body, CopyBuffer, context.RequestAborted);
        }
    }

    private HttpRequestMessage CreateRequest(HttpRequest incoming)
    {
        var target = new Uri(_upstream, incoming.Path.ToUriComponent() + incoming.QueryString.ToUriComponent());
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), target);
        if (incoming.ContentLength is not null || incoming.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(_up.Slow(incoming.Body), CopyBuffer);
        foreach (var (name, values) in incoming.Headers)
        {
            // Host goes along too: the upstream builds its Location headers from it.
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return request;
    }
}
