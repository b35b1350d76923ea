using System.Globalization;
using System.Text;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.Core.Oci.Staging;

/// <summary>One HTTP/1.1 request (https://www.rfc-editor.org/rfc/rfc9112): its head, and its body as a stream.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Path">The target without its query.</param>
/// <param name="Query">The target's query without the question mark; empty when there is none.</param>
internal sealed record StagingRequest(string Method, string Path, string Query)
{
    // No client of a registry sends anywhere near this much.
    private const int HeadLimit = 32 * 1024;

    public string? Host { get; private init; }

    public string ContentType { get; private init; } = "";

    /// <summary>The body; ends where the request does. Empty for a request without one.</summary>
    public Stream Body { get; private init; } = Stream.Null;

    /// <summary>
    /// Reads up to the empty line; null when the peer closed first or sent something else than HTTP. The SDK tries TLS
    /// first: to that the answer is to hang up at once, then it takes plain HTTP.
    /// </summary>
    public static async Task<StagingRequest?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[HeadLimit];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0 || !char.IsAsciiLetterUpper((char)buffer[0]))
                return null;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Parse(Encoding.Latin1.GetString(buffer, 0, end), new Rest(buffer, end + 4, length, stream));
            if (length == buffer.Length)
                return null;
        }
    }

    /// <summary>A value of the query, decoded; null when it is not there.</summary>
    public string? QueryValue(string name) => Query.Split('&')
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0] == name)
        .Select(pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault();

    private static StagingRequest? Parse(string head, Rest rest)
    {
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"])
            return null;
        var chunked = Header(lines, "Transfer-Encoding")?.EndsWith("chunked", StringComparison.OrdinalIgnoreCase) == true;
        var length = 0L;
        if (Header(lines, "Content-Length") is { } stated && !long.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out length))
            return null;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return new StagingRequest(method, query < 0 ? target : target[..query], query < 0 ? "" : target[(query + 1)..])
        {
            Host = Header(lines, "Host"),
            ContentType = Header(lines, "Content-Type") ?? "",
            Body = chunked ? new ChunkedBody(rest) : new SizedBody(rest, length),
        };
    }

    private static string? Header(string[] lines, string name) => lines.Skip(1)
        .Where(line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    // What came with the head, then what is still to come.
    private sealed class Rest(byte[] buffer, int start, int end, Stream stream)
    {
        private int _position = start;
        private int _end = end;

        public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
        {
            if (_position == _end)
                return await stream.ReadAsync(target, cancellationToken);
            var count = Math.Min(target.Length, _end - _position);
            buffer.AsMemory(_position, count).CopyTo(target);
            _position += count;
            return count;
        }

        public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
        {
            var line = new StringBuilder();
            while (line.Length < HeadLimit)
            {
                if (_position == _end)
                {
                    (_position, _end) = (0, await stream.ReadAsync(buffer, cancellationToken));
                    if (_end == 0)
                        break;
                }

                var c = (char)buffer[_position++];
                if (c == '\n')
                    return line.ToString().TrimEnd('\r');
                line.Append(c);
            }

            throw new EndOfStreamException("The request ended within a line.");
        }
    }

    private abstract class BodyStream : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException("A request's body is read asynchronously.");
    }

    private sealed class SizedBody(Rest rest, long length) : BodyStream
    {
        private long _left = length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0 || buffer.Length == 0)
                return 0;
            var read = await rest.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read > 0 ? read : throw new EndOfStreamException("The request ended within its body.");
        }
    }

    // https://www.rfc-editor.org/rfc/rfc9112#section-7.1
    private sealed class ChunkedBody(Rest rest) : BodyStream
    {
        private long _left;
        private bool _begun;
        private bool _ended;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_ended || buffer.Length == 0)
                return 0;
            if (_left == 0 && !await NextAsync(cancellationToken))
                return 0;
            var read = await rest.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read > 0 ? read : throw new EndOfStreamException("The request ended within a chunk.");
        }

        private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
        {
            if (_begun)
                await rest.ReadLineAsync(cancellationToken);
            _begun = true;
            var size = (await rest.ReadLineAsync(cancellationToken)).Split(';')[0].Trim();
            if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
                throw new InvalidDataException("A chunk has no length.");
            if (_left > 0)
                return true;
            // Trailers, which nobody sends, and the empty line.
            while ((await rest.ReadLineAsync(cancellationToken)).Length > 0)
            {
            }

            _ended = true;
            return false;
        }
    }
}
