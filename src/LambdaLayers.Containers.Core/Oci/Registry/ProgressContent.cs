using System.Net;
using System.Net.Http.Headers;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>A request's body of known length that tells when bytes have gone out, so that silence can be told from work.</summary>
internal sealed class ProgressContent : HttpContent
{
    private const int BufferSize = 128 * 1024;
    private readonly Stream _content;
    private readonly long _length;

    /// <param name="content">Disposed with this.</param>
    /// <param name="length">Exact length in bytes.</param>
    public ProgressContent(Stream content, long length)
    {
        _content = content;
        _length = length;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = length;
    }

    /// <summary>Called after each piece.</summary>
    public Action Progress { get; set; } = static () => { };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await _content.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            Progress();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
