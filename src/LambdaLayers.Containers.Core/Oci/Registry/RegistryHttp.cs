using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// The two ways out: with verified certificates, and with any. Neither may follow redirects, keep cookies, decompress,
/// or send credentials of its own: <see cref="RegistryExchange"/> decides all that.
/// </summary>
internal sealed class RegistryHttp(HttpMessageHandler verified, HttpMessageHandler unverified) : IDisposable
{
    private readonly HttpMessageInvoker _verified = new(verified);
    private readonly HttpMessageInvoker _unverified = new(unverified);

    /// <summary>
    /// Handlers for real use. Trust is the system's; .NET on Linux also reads SSL_CERT_FILE and SSL_CERT_DIR.
    /// </summary>
    public static RegistryHttp Create(IWebProxy proxy)
    {
        var verified = NewHandler(proxy);
        var unverified = NewHandler(proxy);
        unverified.SslOptions.RemoteCertificateValidationCallback = AcceptAny;
        return new RegistryHttp(verified, unverified);
    }

    /// <summary>A handler with the settings that the client relies on.</summary>
    public static SocketsHttpHandler NewHandler(IWebProxy? proxy) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
        // What is given up half-read may be endless; a new connection is cheaper.
        MaxResponseDrainSize = Limits.Default.ErrorBytes,
        Proxy = proxy is null ? null : new LoopbackBypassingProxy(proxy),
        UseProxy = proxy is not null,
    };

    /// <summary>Sends and returns once the headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool verify, CancellationToken cancellationToken) =>
        (verify ? _verified : _unverified).SendAsync(request, cancellationToken);

    public void Dispose()
    {
        _verified.Dispose();
        _unverified.Dispose();
    }

    // Only for loopback, where plain HTTP would do as well, and for what the user listed as insecure.
    private static bool AcceptAny(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
}
