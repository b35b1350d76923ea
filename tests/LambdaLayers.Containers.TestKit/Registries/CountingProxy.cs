using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A reverse proxy on loopback that passes everything on, byte for byte, and keeps count.</summary>
public sealed class CountingProxy : IAsyncDisposable
{
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

    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly Uri _upstream;
    private LoopbackServer? _server;

    private CountingProxy(Uri upstream) => _upstream = upstream;

    /// <summary>"localhost:PORT": what image references use, and what every client takes over plain HTTP.</summary>
    public string Host => $"localhost:{_server!.Port}";

    /// <summary>The finished requests, in the order in which they ended.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>
    /// Sees each request first; true means that it was answered here and does not reach the upstream. For faults and for rules
    /// that the upstream does not know.
    /// </summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    public static async Task<CountingProxy> StartAsync(Uri upstream)
    {
        var proxy = new CountingProxy(upstream);
        proxy._server = await LoopbackServer.StartAsync(proxy.HandleAsync);
        return proxy;
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var received = new CountingStream(context.Request.Body);
        long sent = 0;
        try
        {
            if (Intercept is null || !await Intercept(context))
            {
                sent = await ForwardAsync(context, received);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // One of the two sides went away: the other one sees the same.
            context.Abort();
        }
        finally
        {
            _requests.Enqueue(new ProxiedRequest(
                context.Request.Method, context.Request.Path.Value!, context.Request.QueryString.Value ?? "",
                context.Response.StatusCode, received.Count, sent));
        }
    }

    private async Task<long> ForwardAsync(HttpContext context, CountingStream body)
    {
        using var request = CreateRequest(context.Request, body);
        using var response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return 0;
        }

        await using var content = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await using var counted = new CountingStream(content);
        await counted.CopyToAsync(context.Response.Body, context.RequestAborted);
        return counted.Count;
    }

    private HttpRequestMessage CreateRequest(HttpRequest incoming, CountingStream body)
    {
        var target = new Uri(_upstream, incoming.Path.ToUriComponent() + incoming.QueryString.ToUriComponent());
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), target);
        if (incoming.ContentLength is not null || incoming.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(body);
        }

        foreach (var (name, values) in incoming.Headers)
        {
            if (HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            // Host goes along too: the upstream builds its Location headers from it.
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return request;
    }
}
