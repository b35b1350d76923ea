using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>
/// Sends a request until it is answered: finds the scheme, logs in, follows redirects, repeats, explains refusals.
/// </summary>
internal sealed class RegistryTransport
{
    private readonly SchemeProbe _probe;
    private readonly RegistryExchange _exchange;
    private readonly RegistryAuthenticator _authenticator;
    private readonly BoundedBody _body;
    private readonly RetryPolicy _retry;
    private readonly TimeProvider _time;
    private readonly OfflineMode _offline;

    public RegistryTransport(RegistryHttp http, CredentialChain credentials, RegistryOptions options, TimeProvider time)
    {
        _time = time;
        _offline = options.Offline;
        _probe = new SchemeProbe(http, options, time);
        _exchange = new RegistryExchange(http, options, time);
        _body = new BoundedBody(options, time);
        _retry = new RetryPolicy(options, time);
        _authenticator = new RegistryAuthenticator(
            new TokenService(_exchange, _body, _retry, time), credentials, time, options.Push);
    }

    /// <summary>The successful answer, its body not yet read; the caller disposes it.</summary>
    public Task<HttpResponseMessage> OpenAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        _retry.RunAsync(token => TryAsync(request, token), cancellationToken);

    /// <summary>The successful answer with its whole body; a body that breaks off is fetched again.</summary>
    public Task<(HttpContentHeaders Headers, HttpResponseHeaders ResponseHeaders, byte[] Bytes)> ReadAsync(
        RegistryRequest request, int limit, CancellationToken cancellationToken) =>
        _retry.RunAsync(async token =>
        {
            using var response = await TryAsync(request, token);
            var bytes = await _body.ReadAsync(response, request.Image.Registry, request.What, limit, token);
            return (response.Content.Headers, response.Headers, bytes);
        }, cancellationToken);

    /// <summary>
    /// Sends <paramref name="first"/> and what <paramref name="next"/> makes of its answer, as one: when the second fails for
    /// now, both are sent again. An upload is like that: what was begun cannot always be gone on with.
    /// </summary>
    public Task<HttpResponseMessage> OpenBothAsync(
        RegistryRequest first, Func<HttpResponseMessage, RegistryRequest> next, CancellationToken cancellationToken) =>
        _retry.RunAsync(async token =>
        {
            using var answer = await TryAsync(first, token);
            return await TryAsync(next(answer), token);
        }, cancellationToken);

    private async Task<HttpResponseMessage> TryAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        _offline.Demand(request.What + (request.Image.Digest is null ? " (name its digest: a tag cannot be looked up)" : ""));
        var endpoint = await _probe.FindAsync(request.Image.Registry, cancellationToken);
        var uri = request.Address ?? new Uri(endpoint.Root, $"v2/{request.Image.Repository}/{request.Path}");
        var authorization = await _authenticator.CurrentAsync(endpoint, request.Image, cancellationToken);
        var response = await _exchange.SendAsync(endpoint, uri, request, authorization, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized
            && await MeetAsync(endpoint, request.Image, response, authorization, cancellationToken) is { } met)
        {
            response.Dispose();
            response = await _exchange.SendAsync(endpoint, uri, request, met, cancellationToken);
        }

        if (request.MayBeMissing && response.StatusCode is HttpStatusCode.NotFound)
            return response;
        if (response.IsSuccessStatusCode && !RegistryFailures.IsHtml(response))
            return response;
        using (response)
            throw await ExplainAsync(request, response, cancellationToken);
    }

    // Only the registry itself may ask for a log-in: a storage host that it redirects to has no business with it.
    private async Task<AuthenticationHeaderValue?> MeetAsync(
        RegistryEndpoint endpoint, ImageReference image, HttpResponseMessage response, AuthenticationHeaderValue? rejected,
        CancellationToken cancellationToken)
    {
        var challenges = AuthChallenge.Of(response);
        return challenges.Count > 0 && response.RequestMessage?.RequestUri is { } uri && endpoint.Owns(uri)
            ? await _authenticator.AnswerAsync(endpoint, image, challenges, rejected, cancellationToken)
            : null;
    }

    private async Task<Exception> ExplainAsync(
        RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return RemoteErrors.NotARegistry(
                response.RequestMessage?.RequestUri?.Authority ?? request.Image.Registry, request.What);
        ServerAnswer answer;
        try
        {
            var (bytes, _) = await _body.ReadUpToAsync(response, Limits.Default.ErrorBytes, cancellationToken);
            answer = ServerAnswer.Parse(bytes, _authenticator.Secrets(request.Image));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            answer = ServerAnswer.None;
        }

        return RegistryFailures.Explain(
            request, response, answer, _authenticator.DescribeAccess(request.Image.Registry), _time);
    }
}
