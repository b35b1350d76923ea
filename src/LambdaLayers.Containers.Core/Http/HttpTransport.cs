using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>One request as the transport sends it, redirects included.</summary>
/// <param name="Address">Where it goes first.</param>
/// <param name="Origin">The server that the user named.</param>
internal sealed record HttpCall(HttpMethod Method, Uri Address, HttpOrigin Origin)
{
    /// <summary>Sent to the origin only.</summary>
    public OriginAuthorization? Authorization { get; init; }

    /// <summary>Sets what every server on the way may see.</summary>
    public Action<HttpRequestHeaders> SetHeaders { get; init; } = static _ => { };

    /// <summary>Makes the body, anew for each time that it is sent; null for none.</summary>
    public Func<CancellationToken, Task<HttpContent>>? OpenContentAsync { get; init; }

    /// <summary>Whether even the first address is one that a server named, and not the user.</summary>
    public bool IsForeign { get; init; }

    /// <summary>False where what is sent along is worth more than what comes back.</summary>
    public bool FollowsRedirects { get; init; } = true;
}

/// <summary>
/// The one way out to the network, for downloads, registries and token services: it decides about certificates, redirects,
/// stalls and retries, and sends credentials nowhere but to the origin that they belong to.
/// </summary>
internal sealed class HttpTransport : IDisposable
{
    private const int ReadStep = 16 << 10;
    private static readonly ProductInfoHeaderValue Product = new("LambdaLayers.Containers", "1.0");
    private static readonly HttpRequestOptionsKey<bool> OffOrigin = new("LambdaLayers.OffOrigin");

    private readonly HttpMessageInvoker _verified;
    private readonly HttpMessageInvoker _unverified;
    private readonly IEngineLog _log;

    /// <param name="verified">Checks certificates; both as <see cref="NewHandler"/> makes them.</param>
    /// <param name="unverified">Takes any certificate.</param>
    public HttpTransport(
        HttpMessageHandler verified, HttpMessageHandler unverified, HttpPolicy policy, TimeProvider time, IEngineLog log)
    {
        _verified = new HttpMessageInvoker(verified);
        _unverified = new HttpMessageInvoker(unverified);
        (Policy, Time, _log) = (policy, time, log);
    }

    public HttpPolicy Policy { get; }

    public TimeProvider Time { get; }

    /// <summary>
    /// For real use. Trust is the system's; .NET on Linux also reads SSL_CERT_FILE and SSL_CERT_DIR.
    /// </summary>
    /// <param name="proxy">The system's: <see cref="HttpClient.DefaultProxy"/>.</param>
    public static HttpTransport Create(IWebProxy proxy, IEngineLog log, TimeProvider time)
    {
        var verified = NewHandler(proxy);
        var unverified = NewHandler(proxy);
        // Only for loopback, where plain HTTP would do as well, and for what the user listed as insecure.
        unverified.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        return new HttpTransport(verified, unverified, HttpPolicy.Default, time, log);
    }

    /// <summary>A handler that leaves to this class what it decides.</summary>
    public static SocketsHttpHandler NewHandler(IWebProxy? proxy) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = HttpPolicy.Default.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = Limits.Default.HeaderBytes >> 10,
        // What is given up half-read may be endless; a new connection is cheaper.
        MaxResponseDrainSize = Limits.Default.ErrorBytes,
        Proxy = proxy is null ? null : new LoopbackBypassingProxy(proxy),
        UseProxy = proxy is not null,
        ConnectCallback = ConnectAsync,
    };

    /// <summary>Runs <paramref name="attempt"/> until it succeeds or patience ends.</summary>
    /// <exception cref="HttpFailure">The last one, or one that is final.</exception>
    public async Task<T> RetryAsync<T>(
        string what, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var retries = NewRetries(what);
        while (true)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (HttpFailure failure)
            {
                if (!await retries.WaitAsync(failure, cancellationToken))
                    throw;
            }
        }
    }

    /// <summary>The retries of one operation that counts its attempts itself.</summary>
    public RetryLoop NewRetries(string what) => new(Policy, Time, _log, what);

    /// <summary>Lines about one long transfer.</summary>
    public TransferProgress NewProgress(string action, long? size) => new(action, size, _log, Time);

    /// <summary>Sends until a response comes that is no redirect, its body not yet read; the caller disposes it.</summary>
    /// <exception cref="HttpFailure">No response came.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var address = call.Address;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(call.Method, address);
            call.SetHeaders(request.Headers);
            request.Headers.UserAgent.Add(Product);
            request.Headers.Authorization = call.Authorization?.For(address);
            if (call.OpenContentAsync is { } open)
                request.Content = await open(cancellationToken);
            request.Options.Set(
                OffOrigin, call.IsForeign || (address.IdnHost != call.Origin.Root.IdnHost && !call.Origin.IsLoopback));
            var verify = call.Origin.Verified || !call.Origin.Owns(address);
            var response = await SendOnceAsync(request, verify, cancellationToken);
            if (!call.FollowsRedirects || !IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            if (redirects == Policy.MaximumRedirects)
                throw new HttpFailure(
                    HttpFailureKind.TooManyRedirects, call.Origin.Root.Authority, $"more than {redirects} redirects");
            address = call.Origin.Follow(address, location);
        }
    }

    /// <summary>A whole body, kept in memory.</summary>
    /// <exception cref="HttpFailure">It broke off, or is longer than <paramref name="limit"/>.</exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var (bytes, whole) = response.Content.Headers.ContentLength > limit
            ? ([], false)
            : await ReadUpToAsync(response, limit, cancellationToken);
        return whole
            ? bytes
            : throw new HttpFailure(HttpFailureKind.TooLarge, HostOf(response), $"more than {limit} bytes")
            {
                Expected = $"{limit}",
            };
    }

    /// <summary>The first <paramref name="limit"/> bytes of a body, and whether those are all.</summary>
    /// <exception cref="HttpFailure">It broke off.</exception>
    public async Task<(byte[] Bytes, bool Whole)> ReadUpToAsync(
        HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var watch = new TransferWatch(Policy, Time);
        using var buffer = new MemoryStream();
        var chunk = new byte[ReadStep];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (buffer.Length <= limit)
            {
                var read = await watch.RunAsync(token => body.ReadAsync(chunk, token).AsTask(), cancellationToken);
                if (read == 0)
                    return (buffer.ToArray(), true);
                watch.Moved(read);
                buffer.Write(chunk.AsSpan(0, read));
            }

            return (buffer.ToArray()[..limit], false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new HttpFailure(HttpFailureKind.Cut, HostOf(response), HttpFailure.Innermost(e), e);
        }
    }

    public void Dispose()
    {
        _verified.Dispose();
        _unverified.Dispose();
    }

    private static string HostOf(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.Authority ?? "";

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, bool verify, CancellationToken cancellationToken)
    {
        var watch = new TransferWatch(Policy, Time);
        if (request.Content is UploadContent body)
            body.Watch = watch;
        var invoker = verify ? _verified : _unverified;
        var address = request.RequestUri!;
        try
        {
            return await watch.RunAsync(token => invoker.SendAsync(request, token), cancellationToken);
        }
        catch (HttpRequestException e)
        {
            // What the body's own source says is not the network's fault.
            throw e.InnerException is LayersException source ? source : HttpFailure.Of(address, e);
        }
        catch (IOException e)
        {
            throw new HttpFailure(HttpFailureKind.Cut, address.Authority, e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpFailure(HttpFailureKind.Unreachable, address.Authority, "the connection timed out", e);
        }
    }

    // A name of a server elsewhere may lead to this machine, or to where a cloud keeps its secrets: for what the user has
    // not named, the addresses are looked at before anything is sent there. What a proxy does is the proxy's business.
    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var request = context.InitialRequestMessage;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (request.Options.TryGetValue(OffOrigin, out var guarded) && guarded
                && context.DnsEndPoint.Host == request.RequestUri?.IdnHost)
            {
                var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
                IPAddress[] outside = [.. found.Where(x => !HttpOrigin.IsThisMachine(x) && !HttpOrigin.IsLinkLocal(x))];
                if (outside.Length == 0)
                    throw new HttpRequestException(
                        HttpRequestError.ConnectionError, "its name leads to this machine or its own network");
                await socket.ConnectAsync(outside, context.DnsEndPoint.Port, cancellationToken);
            }
            else
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A proxy that is never asked for this machine: with http_proxy set and no no_proxy, .NET would ask it.
    private sealed class LoopbackBypassingProxy(IWebProxy inner) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => inner.Credentials;
            set => inner.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

        public bool IsBypassed(Uri host) => HttpOrigin.IsThisMachine(host) || inner.IsBypassed(host);
    }
}
