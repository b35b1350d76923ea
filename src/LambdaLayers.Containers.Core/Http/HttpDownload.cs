using System.Globalization;
using System.Net;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>What to download, and how to know that it is the right thing.</summary>
/// <param name="Name">For progress lines; no address.</param>
/// <param name="Digest">SHA-256 that the bytes must have.</param>
/// <param name="Source">
/// Where to get them; called again when a link has expired. The argument tells whether it must be a new one.
/// </param>
internal sealed record DownloadRequest(string Name, Digest Digest, Func<bool, CancellationToken, Task<Uri>> Source)
{
    /// <summary>The largest image that Lambda takes, for sources that do not tell their size.</summary>
    public const long LargestImage = 10L << 30;

    /// <summary>Exact size in bytes if it is known beforehand.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes after which a download of unknown size is given up.</summary>
    public long MaximumSize { get; init; } = LargestImage;

    /// <summary>Whether a refusal may just mean that the link is too old, so that a fresh one is worth a try.</summary>
    public bool LinksExpire { get; init; }
}

/// <summary>
/// Downloads into the cache, without credentials: resumes after a cut, asks for a fresh link when one has expired, and
/// keeps nothing whose digest or size is wrong. The bytes of an interrupted build are in a temporary file that nobody
/// looks at again.
/// </summary>
internal sealed class HttpDownload(HttpTransport transport, ContentCache cache)
{
    private const int MaximumRefreshes = 3;

    /// <summary>Makes sure that the cache holds the content; returns whether it had to be downloaded.</summary>
    public async Task<bool> FetchAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        if (await cache.ContainsAsync(request.Digest, cancellationToken))
            return false;
        using var making = await cache.LockAsync(request.Digest, cancellationToken);
        if (await cache.ContainsAsync(request.Digest, cancellationToken))
            return false;
        using var file = cache.CreateTemporary();
        await ReceiveAsync(request, file.Stream, cancellationToken);
        cache.Commit(file, request.Digest);
        return true;
    }

    private async Task ReceiveAsync(DownloadRequest request, Stream file, CancellationToken cancellationToken)
    {
        var address = await request.Source(false, cancellationToken);
        var transfer = new Transfer(
            request.Name, request.Digest, OpenAsync, failure => DownloadErrors.Of(address.Host, failure))
        {
            Size = request.Size,
            MaximumSize = request.MaximumSize,
            Progress = $"Downloading {request.Name}",
        };
        await VerifiedStream.CopyAsync(transport, transfer, file, cancellationToken);

        async Task<HttpResponseMessage> OpenAsync(RangeAsked range, CancellationToken token)
        {
            for (var refreshes = 0; ; refreshes++)
            {
                var response = await SendAsync(address, range, token);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
                    return response;
                using (response)
                {
                    if (HttpFailure.Of(response, transport.Time) is { } transient)
                        throw transient;
                    if (!request.LinksExpire || !MayBeExpired(response.StatusCode))
                        throw DownloadErrors.Refused(address.Host, response.StatusCode);
                    if (refreshes == MaximumRefreshes)
                        throw DownloadErrors.LinkExpired(address.Host, response.StatusCode);
                }

                address = await request.Source(true, token);
            }
        }
    }

    private Task<HttpResponseMessage> SendAsync(Uri address, RangeAsked range, CancellationToken cancellationToken)
    {
        // From elsewhere over https only, or from this machine itself.
        if (address.Scheme != Uri.UriSchemeHttps
            && !(address.Scheme == Uri.UriSchemeHttp && HttpOrigin.IsThisMachine(address)))
            throw DownloadErrors.Insecure(address.Host);
        var call = new HttpCall(HttpMethod.Get, address, new HttpOrigin(address)) { SetHeaders = range.Set };
        return transport.SendAsync(call, cancellationToken);
    }

    // Amazon S3: 403 for a signature whose time is over, 400 when the session that signed it has ended.
    private static bool MayBeExpired(HttpStatusCode status) => (int)status is 400 or 401 or 403;
}

/// <summary>LLC1150 to LLC1159: plain downloads. Hosts only: paths and queries of presigned links are secrets.</summary>
internal static class DownloadErrors
{
    /// <summary>The words for what the transport could not do.</summary>
    public static LayersException Of(string host, HttpFailure failure) => failure.Kind switch
    {
        HttpFailureKind.WrongDigest => new("LLC1152",
            $"What {host} sent is not the expected content: its SHA-256 is {failure.Reason}, expected {failure.Expected}. "
            + "Nothing of it was kept. If the content was changed on purpose, correct Sha256, or run the target "
            + "UpdateLambdaLayers."),
        HttpFailureKind.WrongSize => new("LLC1153",
            $"{host} sends {failure.Reason}, expected {failure.Expected}. Nothing of it was kept. "
            + "Publish again; if it stays so, the source has changed."),
        HttpFailureKind.TooLarge => new("LLC1154",
            $"{host} sends more than the limit of {failure.Expected} bytes. Nothing of it was kept. "
            + "A Lambda image cannot be larger than 10 GB: check the address."),
        HttpFailureKind.TooManyRedirects or HttpFailureKind.RedirectRefused => new("LLC1156",
            $"The download from {host} was redirected to where it is not followed: {failure.Reason}. Name the final address."),
        _ => new("LLC1151",
            $"The download from {host} keeps failing ({failure.Reason}). Check the network and HTTPS_PROXY, and publish "
            + "again.", failure),
    };

    public static LayersException Refused(string host, HttpStatusCode status) => new("LLC1150",
        string.Create(CultureInfo.InvariantCulture, $"{host} answers the download with status {(int)status}. ")
        + Advice(status));

    public static LayersException Insecure(string host) => new("LLC1155",
        $"Downloads from {host} are only allowed over https. Write https:// in the address.");

    public static LayersException LinkExpired(string host, HttpStatusCode status) => new("LLC1157",
        string.Create(CultureInfo.InvariantCulture, $"{host} refuses every fresh link to the content (status {(int)status}). ")
        + "The clock of this machine may be wrong, or a proxy or VPC endpoint policy forbids Amazon S3.");

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            "Addresses that need a login are not supported; use one that is open, or download the zip before the build.",
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "There is nothing at this address: correct it.",
        HttpStatusCode.ProxyAuthenticationRequired => "The proxy wants a login: put it into HTTPS_PROXY.",
        _ => "Check the address.",
    };
}
