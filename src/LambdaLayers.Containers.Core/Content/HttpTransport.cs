using System.Net;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Content;

/// <summary>GET requests without credentials that follow redirects only where that is safe.</summary>
internal sealed class HttpTransport(HttpMessageInvoker http)
{
    private const int MaximumRedirects = 5;

    /// <summary>A handler as this class needs it: it must not follow redirects itself. Proxies as the system has them.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };

    /// <summary>Whether content may come from there: https, or http from this machine itself.</summary>
    public static bool IsAllowed(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>Sends the request that <paramref name="create"/> makes; the body is not read yet.</summary>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, Action<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var current = address;
        for (var hop = 0; ; hop++)
        {
            if (!IsAllowed(current))
                throw hop == 0
                    ? RemoteErrors.DownloadInsecure(current.Host)
                    : RemoteErrors.DownloadRedirects(address.Host, $"to {current.Host} without https");
            using var request = new HttpRequestMessage(HttpMethod.Get, current);
            create(request);
            var response = await http.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode))
                return response;
            var target = response.Headers.Location;
            response.Dispose();
            if (target is null)
                throw RemoteErrors.DownloadRedirects(address.Host, "without a target");
            if (hop == MaximumRedirects)
                throw RemoteErrors.DownloadRedirects(address.Host, $"more than {MaximumRedirects} times");
            var next = new Uri(current, target);
            // A public server must not send a build to services of the machine that it runs on.
            if (next.IsLoopback && !address.IsLoopback)
                throw RemoteErrors.DownloadRedirects(address.Host, "to this machine");
            current = next;
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
        or HttpStatusCode.PermanentRedirect;
}
