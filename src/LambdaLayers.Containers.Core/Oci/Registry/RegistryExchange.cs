using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// One request and its redirects. Authorization goes to the origin (scheme, host, port) it was made for and nowhere
/// else;
/// nothing that began on HTTPS goes on over HTTP; certificates are only left unverified on the endpoint itself.
/// </summary>
internal sealed class RegistryExchange(RegistryHttp http, RegistryOptions options, TimeProvider time)
{
    private static readonly ProductInfoHeaderValue Product = new("LambdaLayers.Containers", "1.0");

    /// <summary>Sends until an answer comes that is no redirect; the caller disposes it.</summary>
    /// <exception cref="TransientFailure">The network failed.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        RegistryEndpoint endpoint, Uri uri, RegistryRequest request, AuthenticationHeaderValue? authorization,
        CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var message = NewMessage(uri, request, endpoint.Owns(uri) ? authorization : null);
            if (request.OpenContentAsync is { } open)
                message.Content = await open(cancellationToken);
            var verify = endpoint.Verified || !endpoint.Owns(uri);
            var response = await SendOnceAsync(message, verify, request.What, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            if (redirects == options.MaximumRedirects)
                throw RemoteErrors.TooManyRedirects(endpoint.Registry, request.What, options.MaximumRedirects);
            uri = Next(endpoint, uri, location, request.What);
        }
    }

    /// <summary>Sends one message; silence and broken connections become <see cref="TransientFailure"/>.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage message, bool verify, string what, CancellationToken cancellationToken)
    {
        message.Headers.UserAgent.Add(Product);
        using var watch = new StallWatch(options.ProgressTimeout, time, cancellationToken);
        watch.Restart();
        if (message.Content is ProgressContent body)
            body.Progress = watch.Restart;
        try
        {
            return await http.SendAsync(message, verify, watch.Token);
        }
        catch (Exception e) when (watch.Stalled)
        {
            throw new TransientFailure(RemoteErrors.TransferCut(
                message.RequestUri!.Authority, what, watch.Silence().Message, e));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var host = message.RequestUri!.Authority;
            throw new TransientFailure(
                RemoteErrors.RegistryUnreachable(host, "the connection timed out", e), connecting: true);
        }
        catch (HttpRequestException e)
        {
            throw NetworkFailures.Explain(message.RequestUri!, what, e);
        }
    }

    private static HttpRequestMessage NewMessage(Uri uri, RegistryRequest request, AuthenticationHeaderValue? authorization)
    {
        var message = new HttpRequestMessage(request.Method, uri);
        foreach (var type in request.Accept)
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        if (request.Offset > 0)
            message.Headers.Range = new RangeHeaderValue(request.Offset, null);
        message.Headers.Authorization = authorization;
        return message;
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Next(RegistryEndpoint endpoint, Uri from, Uri location, string what)
    {
        var to = new Uri(from, location);
        if (to.Scheme is not ("http" or "https"))
            throw RemoteErrors.RedirectRefused(endpoint.Registry, what, $"'{to.Scheme}' is not HTTP");
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
            throw RemoteErrors.RedirectRefused(endpoint.Registry, what, $"from HTTPS to plain HTTP at '{to.Authority}'");
        if (to.UserInfo.Length > 0)
            throw RemoteErrors.RedirectRefused(endpoint.Registry, what, "the address holds a user name");
        // Only something on this machine may point at this machine: else a registry could reach into local services.
        if (!endpoint.IsLoopback && InsecureRegistries.IsLoopback(to))
            throw RemoteErrors.RedirectRefused(endpoint.Registry, what, "to this machine itself");
        return to;
    }
}
