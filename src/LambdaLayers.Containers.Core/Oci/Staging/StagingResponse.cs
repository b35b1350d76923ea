using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>One HTTP response; the connection ends with it, so that a cut is always visible to the client.</summary>
internal sealed record StagingResponse(int Status, string Reason, string ContentType = "application/json", long Length = 0)
{
    /// <summary>The digest of the content, where it has one.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Where the upload goes on, or what it made; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>Bytes of an upload so far; null for a response that is about none.</summary>
    public long? Received { get; init; }

    /// <summary>Opens the body; null for none.</summary>
    public Func<CancellationToken, Task<Stream>>? OpenBodyAsync { get; init; }

    /// <summary>An error with a body as the distribution specification shapes it.</summary>
    public static StagingResponse Error(int status, string reason, string code, string message)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"errors":[{"code":"{{code}}","message":"{{System.Text.Json.JsonEncodedText.Encode(message)}}"}]}""");
        return new StagingResponse(status, reason, Length: body.Length)
        {
            OpenBodyAsync = _ => Task.FromResult<Stream>(new MemoryStream(body)),
        };
    }

    /// <summary>Writes status line, headers and what is left of <paramref name="body"/>.</summary>
    public async Task WriteAsync(Stream stream, Stream body, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Head()), cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    private string Head()
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Reason}\r\n");
        head.Append("Docker-Distribution-Api-Version: registry/2.0\r\nConnection: close\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\nContent-Length: {Length}\r\n");
        if (Digest is not null)
            head.Append(CultureInfo.InvariantCulture, $"Docker-Content-Digest: {Digest}\r\nETag: \"{Digest}\"\r\n");
        if (Location is not null)
            head.Append(CultureInfo.InvariantCulture, $"Location: {Location}\r\n");
        if (Received is { } received)
            head.Append(CultureInfo.InvariantCulture, $"Range: 0-{Math.Max(0, received - 1)}\r\n");
        return head.Append("\r\n").ToString();
    }
}
