using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>One request that went through a <see cref="CountingProxy"/>, with the bytes of both bodies.</summary>
public sealed record ProxiedRequest(
    string Method, string Path, string Query, int Status, long RequestBytes, long ResponseBytes)
{
    private static readonly Regex Distribution =
        new("^/v2/(?<name>.+?)/(?<what>blobs|manifests|tags|referrers)/", RegexOptions.CultureInvariant);

    /// <summary>The repository of a distribution request, or null.</summary>
    public string? Repository => Distribution.Match(Path) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>POST, PATCH or PUT of an upload session.</summary>
    public bool IsBlobUpload => Path.Contains("/blobs/uploads/", StringComparison.Ordinal);

    /// <summary>GET of a blob's content.</summary>
    public bool IsBlobDownload => Method == "GET" && Path.Contains("/blobs/sha256:", StringComparison.Ordinal);

    /// <summary>A cross-repository mount that the registry granted.</summary>
    public bool IsMount => Method == "POST" && IsBlobUpload && Status == 201
        && Query.Contains("mount=", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}{Query} -> {Status} (+{RequestBytes} -{ResponseBytes})";
}
