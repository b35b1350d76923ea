using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>An HTTP server on loopback that records what it is asked; what it answers is up to the test.</summary>
public sealed class FakeServer : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private LoopbackServer _server = null!;

    private FakeServer()
    {
    }

    /// <summary>Everything asked so far, in order.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    /// <summary>The requests that carried an Authorization header.</summary>
    public IReadOnlyList<SeenRequest> Authorized => [.. _requests.Where(x => x.Authorization is not null)];

    public int Port => _server.Port;

    /// <summary>Whether it is this server.</summary>
    public bool Is(LoopbackServer server) => server == _server;

    /// <summary>By address, as a reference names it.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>With a slash at the end.</summary>
    public Uri Address => new(_server.Url);

    /// <summary>Starts with plain HTTP, or with TLS when there is a certificate.</summary>
    public static async Task<FakeServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var server = new FakeServer();
        server._server = await LoopbackServer.StartAsync(context => server.AnswerAsync(context, answer), certificate);
        return server;
    }

    /// <summary>Starts one at once; its handler gets the request as it was on the wire.</summary>
    public static FakeServer Start(Func<SeenRequest, HttpResponse, Task> answer)
    {
        var server = new FakeServer();
        server._server = LoopbackServer.Start(context => server.AnswerAsync(
            context, c => answer((SeenRequest)c.Items[typeof(SeenRequest)]!, c.Response)));
        return server;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var request = await SeenRequest.ReadAsync(context);
        _requests.Enqueue(request);
        context.Items[typeof(SeenRequest)] = request;
        context.Request.Body = new MemoryStream(request.Content);
        await answer(context);
    }
}
