using System.Text;

namespace LambdaLayers.Containers.Core.Oci.Loopback;

/// <summary>The request line and Host of one HTTP/1.1 request (https://www.rfc-editor.org/rfc/rfc9112).</summary>
internal sealed record HttpRequestHead(string Method, string Path, string? Host)
{
    // No client of ours sends anywhere near this much; more is not an OCI pull.
    private const int MaxHeadBytes = 32 * 1024;

    /// <summary>Reads up to the empty line; null when the peer closed first or sent something else than HTTP.</summary>
    public static async Task<HttpRequestHead?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxHeadBytes];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return null;
            length += read;
            // The SDK tries TLS first: hang up at once, then it takes plain HTTP.
            if (!char.IsAsciiLetterUpper((char)buffer[0]))
                return null;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Parse(Encoding.Latin1.GetString(buffer, 0, end));
            if (length == buffer.Length)
                return null;
        }
    }

    private static HttpRequestHead? Parse(string head)
    {
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"])
            return null;
        var host = lines.Skip(1)
            .Where(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))
            .Select(line => line["Host:".Length..].Trim())
            .FirstOrDefault();
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return new HttpRequestHead(method, query < 0 ? target : target[..query], host);
    }
}
