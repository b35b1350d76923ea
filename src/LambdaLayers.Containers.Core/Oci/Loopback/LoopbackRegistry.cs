using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>
/// A read-only OCI registry on 127.0.0.1 that serves one image for as long as it is not disposed.
/// A socket listener of its own, because Kestrel is not loaded in MSBuild, and HttpListener can neither bind a
/// free port without a race nor, on Windows, do without http.sys.
/// </summary>
internal sealed class LoopbackRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<LayersException> _failures = new();
    private readonly LoopbackRoutes _routes;

    private LoopbackRegistry(ServedImage image)
    {
        Image = image;
        _routes = new LoopbackRoutes(image);
    }

    /// <summary>What is served.</summary>
    public ServedImage Image { get; }

    /// <summary>The port of this run, chosen by the system.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The host and port as image references spell it; the SDK takes <c>localhost:</c> over plain HTTP.</summary>
    public string Host => $"localhost:{Port}";

    /// <summary>Failures while a blob was made on demand; the client only saw a 500.</summary>
    public IReadOnlyCollection<LayersException> Failures => _failures;

    /// <summary>Starts to serve <paramref name="image"/>; throws LLC4002 when no port can be had.</summary>
    public static LoopbackRegistry Start(ServedImage image)
    {
        var registry = new LoopbackRegistry(image);
        try
        {
            registry._listener.Start();
        }
        catch (SocketException e)
        {
            registry.Dispose();
            throw HandOffErrors.NoLoopbackPort(e);
        }

        _ = registry.AcceptAsync();
        return registry;
    }

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _listener.Dispose();
        // The token source is left to the collector: connections that are ending may still look at it.
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            var request = await HttpRequestHead.ReadAsync(stream, _stop.Token);
            if (request is null)
                return;
            await RespondAsync(stream, request);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the build is over; a cut body is short of its Content-Length either way.
        }
    }

    private async Task RespondAsync(Stream stream, HttpRequestHead request)
    {
        // Pages in a browser can reach loopback ports under their own names; the SDK always says localhost.
        var answer = request.Host == Host || request.Host == $"127.0.0.1:{Port}"
            ? _routes.Answer(request)
            : HttpAnswer.Error(421, "Misdirected Request", "DENIED", "Unknown host.");
        try
        {
            await answer.WriteAsync(stream, request.Method == "HEAD", _stop.Token);
        }
        catch (LayersException e)
        {
            // Thrown while opening, before the first byte: the client can still be told.
            _failures.Enqueue(e);
            var text = e.Diagnostic.Text.ReplaceLineEndings(" ");
            await HttpAnswer.Error(500, $"{e.Diagnostic.Code} {text}", "UNKNOWN", $"{e.Diagnostic.Code}: {text}")
                .WriteAsync(stream, headOnly: false, _stop.Token);
        }
    }
}
