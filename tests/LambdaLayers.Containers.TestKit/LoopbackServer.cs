using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LambdaLayers.Containers.TestKit;

/// <summary>
/// The one HTTP server of the kit: Kestrel on a free port of 127.0.0.1, with one handler for every request and no limits on
/// bodies.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _scheme;

    private LoopbackServer(RequestDelegate handler, X509Certificate2? certificate, bool isProxy = false)
    {
        _scheme = certificate is null ? "http" : "https";
        _app = Build(certificate);
        _app.Run(context =>
        {
            // What a proxy sees is for the server behind it.
            if (!isProxy)
                SecretWatch.Look(this, context.Request);
            return handler(context);
        });
    }

    public int Port { get; private set; }

    /// <summary><c>http://127.0.0.1:PORT</c>, without a slash at the end; https with a certificate.</summary>
    public string Url => $"{_scheme}://127.0.0.1:{Port}";

    /// <summary>Starts with plain HTTP, or with TLS when there is a certificate.</summary>
    public static async Task<LoopbackServer> StartAsync(RequestDelegate handler, X509Certificate2? certificate = null)
    {
        var server = new LoopbackServer(handler, certificate);
        await server._app.StartAsync();
        return server.Started();
    }

    /// <summary>The same for constructors.</summary>
    public static LoopbackServer Start(RequestDelegate handler, bool isProxy = false)
    {
        var server = new LoopbackServer(handler, null, isProxy);
        server._app.Start();
        return server.Started();
    }

    public async ValueTask DisposeAsync()
    {
        // Requests that a test left open must not hold up its end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        SecretWatch.Check(this);
    }

    // Kept, since a server that has ended is still told of.
    private LoopbackServer Started()
    {
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return this;
    }

    private static WebApplication Build(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
        });
        return builder.Build();
    }
}
