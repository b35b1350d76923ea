using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>One request that a registry or a proxy received, complete once it has ended.</summary>
public sealed class RegistryRequest
{
    private static readonly Regex Distribution =
        new("^/v2/(?<name>.+?)/(?<what>blobs|manifests|tags|referrers)/", RegexOptions.CultureInvariant);

    private readonly MeteredStream _received;
    private readonly MeteredStream _sent;
    private long _ended;

    /// <summary>Takes note of a request and counts the bytes of its two bodies from now on.</summary>
    internal RegistryRequest(HttpContext context)
    {
        var request = context.Request;
        Method = request.Method;
        Host = request.Host.Value ?? "";
        Path = request.Path.Value!;
        Query = request.QueryString.Value ?? "";
        Headers = request.Headers.ToDictionary(x => x.Key, x => x.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received = new MeteredStream(request.Body);
        _sent = new MeteredStream(context.Response.Body);
        request.Body = _received;
        context.Response.Body = _sent;
        context.Response.OnStarting(() =>
        {
            Status = context.Response.StatusCode;
            return Task.CompletedTask;
        });
        Started = Stopwatch.GetTimestamp();
    }

    public string Method { get; }

    /// <summary>The Host header.</summary>
    public string Host { get; }

    public string Path { get; }

    /// <summary>With its question mark, or empty.</summary>
    public string Query { get; }

    /// <summary>Path and query.</summary>
    public string Target => Path + Query;

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The header, or null.</summary>
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>The header, or null.</summary>
    public string? Range => Headers.GetValueOrDefault("Range");

    /// <summary>Of the response; 0 when there was none.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes => _received.Count;

    /// <summary>Bytes of the response's body.</summary>
    public long ResponseBytes => _sent.Count;

    /// <summary>When it arrived, as <see cref="Stopwatch.GetTimestamp"/> tells time.</summary>
    public long Started { get; }

    /// <summary>When its response was complete; far in the future while it runs.</summary>
    public long Ended => Interlocked.Read(ref _ended) is var ended and not 0 ? ended : long.MaxValue;

    /// <summary>The repository of a distribution request, or null.</summary>
    public string? Repository => RepositoryOf(Path);

    /// <summary>Neither GET nor HEAD.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>POST, PATCH or PUT of an upload session.</summary>
    public bool IsBlobUpload => Path.Contains("/blobs/uploads/", StringComparison.Ordinal);

    /// <summary>GET of a blob's content.</summary>
    public bool IsBlobDownload => Method == "GET" && Path.Contains("/blobs/sha256:", StringComparison.Ordinal);

    /// <summary>Any request about a manifest.</summary>
    public bool IsManifest => Path.Contains("/manifests/", StringComparison.Ordinal);

    /// <summary>A cross-repository mount that the registry granted.</summary>
    public bool IsMount => Method == "POST" && IsBlobUpload && Status == 201
        && Query.Contains("mount=", StringComparison.Ordinal);

    /// <summary>
    /// The longest chain of requests of which each began after the one before it had ended: the round trips that a client
    /// waited for one after the other.
    /// </summary>
    public static int LongestChain(IEnumerable<RegistryRequest> requests)
    {
        var (length, end) = (0, long.MinValue);
        foreach (var request in requests.OrderBy(r => r.Ended))
        {
            if (request.Started >= end)
                (length, end) = (length + 1, request.Ended);
        }

        return length;
    }

    /// <summary>The repository that a path of the distribution specification is about, or null.</summary>
    public static string? RepositoryOf(string path) =>
        Distribution.Match(path) is { Success: true } match ? match.Groups["name"].Value : null;

    public override string ToString() => $"{Method} {Target} -> {Status} (+{RequestBytes} -{ResponseBytes})";

    /// <summary>The connection is cut after so many bytes of the request's or of the response's body.</summary>
    internal void CutAfter(long bytes, HttpContext context)
    {
        foreach (var stream in new[] { _received, _sent })
        {
            stream.Limit = bytes;
            stream.Cut = context.Abort;
        }
    }

    internal void End() => Interlocked.Exchange(ref _ended, Stopwatch.GetTimestamp());
}
