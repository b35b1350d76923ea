using System.Net;
using System.Text;

namespace LambdaLayers.Containers.Core.Tests.Support;

/// <summary>A request as it was on the wire.</summary>
internal sealed record ServedRequest(
    string Method, string RawTarget, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string RawPath => RawTarget.Split('?')[0];

    public string RawQuery => RawTarget.Contains('?') ? RawTarget[(RawTarget.IndexOf('?') + 1)..] : "";

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<ServedRequest> ReadAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var headers = request.Headers.AllKeys.OfType<string>()
            .ToDictionary(k => k, k => request.Headers[k]!, StringComparer.OrdinalIgnoreCase);
        return new ServedRequest(request.HttpMethod, request.RawUrl!, headers, body.ToArray());
    }
}
