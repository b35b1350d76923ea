using System.Net;
using System.Net.Http.Headers;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci.Credentials;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>What a build allows its registries.</summary>
internal sealed record RegistryOptions
{
    /// <summary>Registries that may speak plain HTTP or have any certificate; loopback always may.</summary>
    public InsecureRegistries Insecure { get; init; } = InsecureRegistries.None;

    /// <summary>Whether registries may be asked at all.</summary>
    public OfflineMode Offline { get; init; } = new(false);

    /// <summary>Whether tokens may carry the right to push; reading never asks for it.</summary>
    public bool Push { get; init; }
}

/// <summary>One thing to ask a registry for.</summary>
/// <param name="Image">Whose repository.</param>
/// <param name="Method">GET or HEAD; POST, PATCH and PUT to push.</param>
/// <param name="Path">Below <c>/v2/REPOSITORY/</c>.</param>
/// <param name="What">For messages: <c>the manifest of '…'</c>.</param>
internal sealed record RegistryRequest(ImageReference Image, HttpMethod Method, string Path, string What)
{
    /// <summary>Media types, the preferred first.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The part wanted, to go on after a cut.</summary>
    public RangeAsked Range { get; init; }

    /// <summary>The blob asked for, or null for a manifest.</summary>
    public Descriptor? Blob { get; init; }

    /// <summary>Makes the body, anew for each time that it is sent; null for none.</summary>
    public Func<CancellationToken, Task<HttpContent>>? OpenContentAsync { get; init; }

    /// <summary>The address that the registry gave for this request, in place of <see cref="Path"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>Statuses that are an answer like any other, besides success.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [];
}

/// <summary>
/// Sends a request to a registry until it is answered: finds the scheme, logs in, explains refusals. The rest is
/// <see cref="HttpTransport"/>'s.
/// </summary>
internal sealed class RegistryTransport
{
    private readonly HttpTransport _http;
    private readonly SchemeProbe _probe;
    private readonly RegistryAuthenticator _authenticator;
    private readonly RegistryOptions _options;

    public RegistryTransport(HttpTransport http, CredentialChain credentials, RegistryOptions options)
    {
        (_http, _options) = (http, options);
        _probe = new SchemeProbe(http, options.Insecure);
        _authenticator = new RegistryAuthenticator(new TokenService(http), credentials, http.Time, options.Push);
    }

    /// <summary>The successful response, its body not yet read; the caller disposes it.</summary>
    public Task<HttpResponseMessage> OpenAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        RetryAsync(request, token => SendAsync(request, token), cancellationToken);

    /// <summary>The successful response with its whole body; a body that breaks off is fetched again.</summary>
    public Task<(HttpResponseMessage Response, byte[] Bytes)> ReadAsync(
        RegistryRequest request, int limit, CancellationToken cancellationToken) =>
        RetryAsync(
            request,
            async token =>
            {
                using var response = await SendAsync(request, token);
                return (response, await _http.ReadAsync(response, limit, token));
            },
            cancellationToken);

    /// <summary>Repeats an attempt that sends what <paramref name="request"/> is about, and explains its failure.</summary>
    public async Task<T> RetryAsync<T>(
        RegistryRequest request, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.RetryAsync(request.What, attempt, cancellationToken);
        }
        catch (HttpFailure failure)
        {
            throw RegistryErrors.Of(request.Image.Registry, request.What, failure);
        }
    }

    /// <summary>Sends once; the caller disposes the response, which is a success or expected.</summary>
    /// <exception cref="HttpFailure">Another try may help.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        _options.Offline.Demand(
            request.What + (request.Image.Digest is null ? " (name its digest: a tag cannot be looked up)" : ""));
        // A first request that only reads carries nothing secret, so that it can find the scheme by itself.
        var first = request.Address is null && request.OpenContentAsync is null
            ? await _probe.TryAskAsync(
                request.Image.Registry, (candidate, token) => _http.SendAsync(CallOf(request, candidate), token), cancellationToken)
            : null;
        var endpoint = first?.Endpoint ?? await _probe.FindAsync(request.Image.Registry, cancellationToken);
        var authorization = first is null ? await _authenticator.CurrentAsync(endpoint, request.Image, cancellationToken) : null;
        var call = CallOf(request, endpoint) with { Authorization = authorization };
        var response = first?.Response ?? await _http.SendAsync(call, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized
            && await MeetAsync(endpoint, request.Image, response, authorization, cancellationToken) is { } met)
        {
            response.Dispose();
            response = await _http.SendAsync(call with { Authorization = met }, cancellationToken);
        }

        if (request.Expected.Contains(response.StatusCode))
            return response;
        if (response.IsSuccessStatusCode && !RegistryErrors.IsWebPage(response))
            return response;
        using (response)
            throw await ExplainAsync(request, response, cancellationToken);
    }

    /// <summary>
    /// The address that a response names for what comes next, an upload's Location, under the rules of a redirect.
    /// </summary>
    /// <exception cref="HttpFailure">It names none, or one that is not to be used.</exception>
    public async Task<Uri> FollowAsync(
        RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var endpoint = await _probe.FindAsync(request.Image.Registry, cancellationToken);
        return response.Headers.Location is { } location
            ? endpoint.Origin.Follow(response.RequestMessage!.RequestUri!, location)
            : throw RegistryErrors.NoUploadAddress(request.Image.Registry, request.What, response.StatusCode);
    }

    private static HttpCall CallOf(RegistryRequest request, RegistryEndpoint endpoint)
    {
        var address = request.Address ?? new Uri(endpoint.Origin.Root, $"v2/{request.Image.Repository}/{request.Path}");
        return new HttpCall(request.Method, address, endpoint.Origin)
        {
            OpenContentAsync = request.OpenContentAsync,
            SetHeaders = headers =>
            {
                foreach (var type in request.Accept)
                    headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
                request.Range.Set(headers);
            },
        };
    }

    // Only the registry itself may ask for a log-in: a storage host that it redirects to has no business with it.
    private async Task<OriginAuthorization?> MeetAsync(
        RegistryEndpoint endpoint, ImageReference image, HttpResponseMessage response, OriginAuthorization? rejected,
        CancellationToken cancellationToken)
    {
        var challenges = AuthChallenge.Of(response);
        return challenges.Count > 0 && response.RequestMessage?.RequestUri is { } uri && endpoint.Origin.Owns(uri)
            ? await _authenticator.AnswerAsync(endpoint, image, challenges, rejected, cancellationToken)
            : null;
    }

    private async Task<Exception> ExplainAsync(
        RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return RegistryErrors.NotARegistry(
                response.RequestMessage?.RequestUri?.Authority ?? request.Image.Registry, request.What);
        if (HttpFailure.Of(response, _http.Time) is { } transient)
            return transient;
        ServerAnswer answer;
        try
        {
            var (bytes, _) = await _http.ReadUpToAsync(response, Limits.Default.ErrorBytes, cancellationToken);
            answer = ServerAnswer.Parse(bytes, _authenticator.Secrets(request.Image));
        }
        catch (HttpFailure)
        {
            answer = ServerAnswer.None;
        }

        return RegistryErrors.Refused(
            request, response, answer, _authenticator.DescribeAccess(request.Image.Registry), _options.Push);
    }
}
