using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>What a fake server was asked, as it was on the wire.</summary>
/// <param name="Host">The Host header.</param>
/// <param name="Target">Path and query, not decoded.</param>
public sealed record SeenRequest(
    string Method, string Host, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Content)
{
    public string RawPath => Target.Split('?')[0];

    /// <summary>Without its question mark; empty when there is none.</summary>
    public string RawQuery => Target.Contains('?', StringComparison.Ordinal)
        ? Target[(Target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>The header, or null.</summary>
    public string? Authorization => Header("Authorization");

    /// <summary>The header, or null.</summary>
    public string? Range => Header("Range");

    /// <summary>The body as text.</summary>
    public string Body => Encoding.UTF8.GetString(Content);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    internal static async Task<SeenRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = context.Request;
        return new SeenRequest(
            request.Method, request.Host.Value ?? "", context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
    }
}
