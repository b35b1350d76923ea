using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Oci.Registry;

/// <summary>Reads whole answers that are kept in memory, and never more of them than is sensible.</summary>
internal sealed class BoundedBody(RegistryOptions options, TimeProvider time)
{
    private const int Step = 16 << 10;

    /// <summary>Everything, or an error when it is more than <paramref name="limit"/> bytes.</summary>
    public async Task<byte[]> ReadAsync(
        HttpResponseMessage response, string host, string what, int limit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > limit)
            throw RemoteErrors.TooLarge(host, what, limit);
        try
        {
            var (bytes, whole) = await ReadUpToAsync(response, limit, cancellationToken);
            return whole ? bytes : throw RemoteErrors.TooLarge(host, what, limit);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientFailure(RemoteErrors.TransferCut(host, what, NetworkFailures.Innermost(e), e));
        }
    }

    /// <summary>The first <paramref name="limit"/> bytes, and whether those are all.</summary>
    /// <exception cref="IOException">The connection broke or went silent.</exception>
    public async Task<(byte[] Bytes, bool Whole)> ReadUpToAsync(
        HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(options.ProgressTimeout, time, cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[Step];
        try
        {
            watch.Restart();
            await using var body = await response.Content.ReadAsStreamAsync(watch.Token);
            while (buffer.Length <= limit)
            {
                watch.Restart();
                var read = await body.ReadAsync(chunk, watch.Token);
                if (read == 0)
                    return (buffer.ToArray(), true);
                buffer.Write(chunk.AsSpan(0, read));
            }

            return (buffer.ToArray()[..limit], false);
        }
        catch (OperationCanceledException) when (watch.Stalled)
        {
            throw watch.Silence();
        }
    }
}
