using System.Net;
using System.Net.Http.Headers;

namespace LambdaLayers.Containers.Core.Http;

/// <summary>A request's body of known length, sent in pieces so that a slow line can be told from a dead one.</summary>
internal sealed class UploadContent : HttpContent
{
    // Each piece has to go out within the stall timeout at the minimum rate.
    private const int PieceSize = 32 << 10;
    private readonly Stream _content;
    private readonly long _length;
    private readonly TransferProgress? _progress;

    /// <param name="content">Disposed with this.</param>
    /// <param name="length">Exact length in bytes.</param>
    public UploadContent(Stream content, long length, TransferProgress? progress = null)
    {
        (_content, _length, _progress) = (content, length, progress);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = length;
    }

    /// <summary>Told about every piece; set by the transport.</summary>
    public TransferWatch? Watch { get; set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[PieceSize];
        for (long sent = 0; await _content.ReadAsync(buffer, cancellationToken) is var read and > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            Watch?.Moved(read);
            _progress?.Report(sent += read);
        }

        Watch?.AwaitAnswer();
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
