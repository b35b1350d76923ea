using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>
/// The registry on 127.0.0.1 between the .NET SDK and the world, for as long as it is not disposed: the SDK pulls the
/// virtual base image from it and pushes what it made to it.
/// </summary>
/// <remarks>
/// A socket listener of its own, because Kestrel is not loaded in MSBuild, and HttpListener can neither bind a free port
/// without a race nor, on Windows, do without http.sys.
/// </remarks>
internal sealed class StagingRegistry : IDisposable
{
    private const int Connections = 64;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections = new(Connections);
    private readonly StagingRoutes _routes;

    private StagingRegistry(StagedBase @base, Func<TemporaryFile> createTemporary)
    {
        Base = @base;
        Uploads = new StagedUploads(createTemporary, Limits.Default);
        _routes = new StagingRoutes(@base, Uploads, Limits.Default);
    }

    /// <summary>What is served.</summary>
    public StagedBase Base { get; }

    /// <summary>What was pushed.</summary>
    public StagedUploads Uploads { get; }

    /// <summary>The port of this run, chosen by the system.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The host and port as image references spell it; the SDK takes <c>localhost:</c> over plain HTTP.</summary>
    public string Host => $"localhost:{Port}";

    /// <summary>Why a blob of the base could not be opened, the first time; the client only saw a 500.</summary>
    public LayersException? Failure { get; private set; }

    /// <summary>Starts to serve <paramref name="base"/>; throws LLC4002 when no port can be had.</summary>
    /// <param name="base">The virtual base image.</param>
    /// <param name="createTemporary">Makes files for uploads, which are gone when they are disposed.</param>
    public static StagingRegistry Start(StagedBase @base, Func<TemporaryFile> createTemporary)
    {
        var registry = new StagingRegistry(@base, createTemporary);
        try
        {
            registry._listener.Start();
        }
        catch (SocketException e)
        {
            registry.Dispose();
            throw new LayersException(
                "LLC4002",
                "No port could be opened on 127.0.0.1 to hand the base image to the .NET SDK: "
                + $"{e.Message} Allow this process to listen on the loopback interface.",
                e);
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
        Uploads.Dispose();
        // The token source is left to the collector: connections that are ending may still look at it.
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _connections.WaitAsync(_stop.Token);
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of file descriptors, or the peer gave up in the queue: others may still be served.
                _connections.Release();
                await Task.Delay(Breath);
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            idle.CancelAfter(Idle);
            var request = await StagingRequest.ReadAsync(stream, idle.Token);
            if (request is null)
                return;
            await RespondAsync(stream, request);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or InvalidDataException)
        {
            // The client went away, or the build is over; a cut body is short of its Content-Length either way.
        }
        finally
        {
            _connections.Release();
        }
    }

    private async Task RespondAsync(Stream stream, StagingRequest request)
    {
        try
        {
            var (response, body) = await OpenResponseAsync(request);
            await using (body)
                await response.WriteAsync(stream, body, _stop.Token);
        }
        catch (LayersException e)
        {
            // In the middle of a body: the client sees one that is shorter than promised, the build is told afterwards.
            Failure ??= e;
        }
    }

    // Whatever fails before the first byte is sent can be told to the client too.
    private async Task<(StagingResponse Response, Stream Body)> OpenResponseAsync(StagingRequest request)
    {
        try
        {
            // Pages in a browser can reach loopback ports under their own names; the SDK always says localhost.
            var response = request.Host == Host || request.Host == $"127.0.0.1:{Port}"
                ? await _routes.RespondAsync(request, _stop.Token)
                : StagingResponse.Error(421, "Misdirected Request", "DENIED", "Unknown host.");
            return (response, await OpenAsync(response, request));
        }
        catch (LayersException e)
        {
            Failure ??= e;
            var response = StagingResponse.Error(500, "Internal Server Error", "UNKNOWN", e.Diagnostic.Code);
            return (response, await OpenAsync(response, request));
        }
    }

    private async Task<Stream> OpenAsync(StagingResponse response, StagingRequest request) =>
        request.Method == "HEAD" || response.OpenBodyAsync is null ? Stream.Null : await response.OpenBodyAsync(_stop.Token);
}

/// <summary>What the SDK gets as its base image: one image, or an index of several.</summary>
/// <param name="Repository">The upstream repository's name.</param>
/// <param name="Images">One for each platform.</param>
internal sealed record StagedBase(string Repository, IReadOnlyList<Image> Images)
{
    /// <summary>How every tag that we serve begins; the targets know an inner build by it.</summary>
    public const string TagPrefix = "llc-";
    private const int TagLength = 32;

    /// <summary>A tag that other users of this machine cannot guess.</summary>
    public string Tag { get; } = TagPrefix + RandomNumberGenerator.GetHexString(TagLength, lowercase: true);

    /// <summary>The index of all images; null for a single one.</summary>
    public ImageIndex? Index { get; } = Images.Count == 1
        ? null
        : ImageIndex.Of(Images[0].Manifest.Family, Images.Select(image => image.Descriptor));
}
