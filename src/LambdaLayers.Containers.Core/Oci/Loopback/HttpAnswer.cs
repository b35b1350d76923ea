using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>One HTTP answer; the connection ends with it, so that a cut is always visible to the client.</summary>
internal sealed record HttpAnswer(int Status, string Reason, string ContentType, long Length)
{
    /// <summary>The digest of the content, where it has one.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Opens the body; null for none.</summary>
    public Func<CancellationToken, Task<Stream>>? OpenBodyAsync { get; init; }

    /// <summary>An answer with an error body as the distribution specification shapes it.</summary>
    public static HttpAnswer Error(int status, string reason, string code, string message)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"errors":[{"code":"{{code}}","message":"{{JsonEscape(message)}}"}]}""");
        return new HttpAnswer(status, reason, "application/json", body.Length)
        {
            OpenBodyAsync = _ => Task.FromResult<Stream>(new MemoryStream(body)),
        };
    }

    /// <summary>Writes status line, headers and, unless <paramref name="headOnly"/>, the body.</summary>
    public async Task WriteAsync(Stream stream, bool headOnly, CancellationToken cancellationToken)
    {
        var body = headOnly || OpenBodyAsync is null ? null : await OpenBodyAsync(cancellationToken);
        await using (body)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(Head()), cancellationToken);
            if (body is not null)
                await body.CopyToAsync(stream, cancellationToken);
        }
    }

    private string Head()
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Reason}\r\n");
        head.Append("Docker-Distribution-Api-Version: registry/2.0\r\nConnection: close\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\nContent-Length: {Length}\r\n");
        if (Digest is not null)
            head.Append(CultureInfo.InvariantCulture, $"Docker-Content-Digest: {Digest}\r\nETag: \"{Digest}\"\r\n");
        return head.Append("\r\n").ToString();
    }

    private static string JsonEscape(string text) => System.Text.Json.JsonEncodedText.Encode(text).ToString();
}
