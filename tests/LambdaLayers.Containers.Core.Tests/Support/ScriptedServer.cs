using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>A plain HTTP server for one test; every request is kept as it was on the wire.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<ServedRequest, HttpListenerResponse, Task> _handler;

    public ScriptedServer(Func<ServedRequest, HttpListenerResponse, Task> handler)
    {
        _handler = handler;
        (_listener, Port) = Listen();
        _ = Task.Run(ServeAsync);
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public ConcurrentQueue<ServedRequest> Requests { get; } = [];

    public void Dispose() => _listener.Close();

    private static (HttpListener Listener, int Port) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port in between.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var request = await ServedRequest.ReadAsync(context.Request);
            Requests.Enqueue(request);
            await _handler(request, context.Response);
            context.Response.Close();
        }
        catch (Exception e) when (e is IOException or HttpListenerException or ObjectDisposedException or SocketException)
        {
            // The client has gone, or the test has cut the connection.
        }
        catch (Exception e)
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["x-test-failure"] = e.GetType().Name;
            context.Response.Close();
        }
    }
}
