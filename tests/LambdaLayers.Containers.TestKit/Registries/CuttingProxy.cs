using System.Net;
using System.Net.Sockets;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// A line to a server that breaks: after so many bytes in both directions together, wherever that is, in a header or in a blob,
/// the connection that carries the next one is reset.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private long _passed;
    private long _cutAfter = long.MaxValue;
    private bool _stays;

    private CuttingProxy(int port) => _port = port;

    /// <summary><c>localhost:PORT</c></summary>
    public string Host => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Bytes since <see cref="CutAfter"/>, in both directions together.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>In front of a server of this machine.</summary>
    public static CuttingProxy Start(int port)
    {
        var proxy = new CuttingProxy(port);
        proxy._listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Counts anew.</summary>
    /// <param name="bytes">So many pass.</param>
    /// <param name="stays">Whether nothing passes any more then; otherwise one connection is cut and all goes on.</param>
    public void CutAfter(long bytes, bool stays)
    {
        _stays = stays;
        Interlocked.Exchange(ref _passed, 0);
        Interlocked.Exchange(ref _cutAfter, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy has ended.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        // A reset, not an orderly end.
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                await await Task.WhenAny(CopyAsync(client, server, either.Token), CopyAsync(server, client, either.Token));
                await either.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Cut, by this or by one of the two ends.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 << 10];
        while (await from.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
        {
            var allowed = (int)Math.Clamp(Interlocked.Read(ref _cutAfter) - Interlocked.Add(ref _passed, count) + count, 0, count);
            await to.SendAsync(buffer.AsMemory(0, allowed), cancellationToken);
            if (allowed == count)
                continue;
            if (!_stays)
                Interlocked.Exchange(ref _cutAfter, long.MaxValue);
            return;
        }
    }
}
