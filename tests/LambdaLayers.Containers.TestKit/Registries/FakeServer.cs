using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>An HTTP server on loopback that records what it is asked; what it answers is up to the test.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();

    private FakeServer(WebApplication app) => _app = app;

    /// <summary>Everything asked so far, in order.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    /// <summary>The requests that carried an Authorization header.</summary>
    public IReadOnlyList<SeenRequest> Authorized => [.. _requests.Where(x => x.Authorization is not null)];

    public int Port { get; private set; }

    /// <summary>By address, as a reference names it.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>Starts with plain HTTP, or with TLS when there is a certificate.</summary>
    public static async Task<FakeServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var server = new FakeServer(builder.Build());
        server._app.Run(context => server.AnswerAsync(context, answer));
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.First()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = context.Request;
        _requests.Enqueue(new SeenRequest(request.Method, request.Host.Value ?? "", request.Path + request.QueryString,
            Header("Authorization"), Header("Range"), await reader.ReadToEndAsync(context.RequestAborted)));
        await answer(context);

        string? Header(string name) => request.Headers[name] is { Count: > 0 } values ? values.ToString() : null;
    }
}
