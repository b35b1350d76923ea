using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using RangeHeaderValue = System.Net.Http.Headers.RangeHeaderValue;
using RangeItemHeaderValue = System.Net.Http.Headers.RangeItemHeaderValue;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>The presigned links that GetLayerVersion hands out: S3 with Range, expiry and programmable trouble.</summary>
internal sealed class FakeDownloads(FakeAws aws)
{
    private readonly ConcurrentDictionary<string, (FakeLayer Layer, DateTimeOffset Expires)> _links = new();

    /// <summary>A new link to a layer's zip, with a query string that must stay secret.</summary>
    public string CreateLink(FakeLayer layer, TimeSpan lifetime)
    {
        var signature = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        var now = aws.Clock.GetUtcNow();
        _links[signature] = (layer, layer.Faults.TakeExpired() ? now : now + lifetime);
        var seconds = ((int)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return $"{aws.Url}/s3/awslambda-layers/snapshots/{FakeAws.AccountId}/{Uri.EscapeDataString(layer.LayerVersionArn)}"
            + $"?versionId=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={now:yyyyMMdd'T'HHmmss'Z'}&X-Amz-SignedHeaders=host"
            + $"&X-Amz-Expires={seconds}&X-Amz-Credential=ASIAPRESIGNED%2F{now:yyyyMMdd}%2Fus-east-1%2Fs3%2Faws4_request"
            + $"&X-Amz-Security-Token=presigned-token-{signature[..16]}&X-Amz-Signature={signature}";
    }

    /// <summary>Serves or refuses one download; gives the status.</summary>
    public async Task<int> AnswerAsync(HttpContext context)
    {
        var signature = context.Request.Query["X-Amz-Signature"].ToString();
        if (context.Request.Headers.ContainsKey("Authorization"))
        {
            return await Refuse(context, 400, "InvalidArgument", "Only one auth mechanism allowed");
        }

        if (!_links.TryGetValue(signature, out var link))
        {
            return await Refuse(
                context, 403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.");
        }

        if (link.Expires <= aws.Clock.GetUtcNow())
        {
            return await Refuse(context, 403, "AccessDenied", "Request has expired");
        }

        return link.Layer.Faults.TakeUnavailable()
            ? await Refuse(context, 503, "SlowDown", "Please reduce your request rate.")
            : await Send(context, link.Layer);
    }

    private static async Task<int> Send(HttpContext context, FakeLayer layer)
    {
        await using var file = File.OpenRead(layer.ZipPath);
        var (from, to) = (0L, file.Length - 1);
        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.Headers.ETag = $"\"{file.Length:x}\"";
        if (!layer.Faults.IgnoreRange && Range(context.Request) is { } range)
        {
            from = range.From ?? Math.Max(0, file.Length - range.To!.Value);
            to = range.From is null ? to : Math.Min(range.To ?? to, to);
            if (from > to)
            {
                context.Response.Headers.ContentRange = $"bytes */{file.Length}";
                return await Refuse(context, 416, "InvalidRange", "The requested range is not satisfiable");
            }

            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{file.Length}";
        }

        context.Response.ContentType = "application/zip";
        context.Response.ContentLength = to - from + 1;
        await Copy(context, layer.Faults, file, from, to - from + 1);
        return context.Response.StatusCode;
    }

    private static async Task Copy(HttpContext context, DownloadFaults faults, FileStream file, long from, long count)
    {
        var cut = faults.TakeCut() ? Math.Min(faults.CutAfterBytes, count - 1) : long.MaxValue;
        var buffer = new byte[65536];
        file.Position = from;
        for (long sent = 0; sent < count;)
        {
            if (sent >= cut)
            {
                // What was sent should arrive before the reset overtakes it: the client then resumes from there.
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
                context.Abort();
                return;
            }

            await Task.Delay(faults.Delay, context.RequestAborted);
            var want = (int)Math.Min(buffer.Length, Math.Min(count, cut) - sent);
            await file.ReadExactlyAsync(buffer.AsMemory(0, want), context.RequestAborted);
            if (faults.WrongBytes && sent == 0)
            {
                buffer[want / 2] ^= 1;
            }

            await context.Response.Body.WriteAsync(buffer.AsMemory(0, want), context.RequestAborted);
            sent += want;
        }
    }

    private static RangeItemHeaderValue? Range(HttpRequest request) =>
        request.Headers.Range.Count > 0 && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            ? range.Ranges.First()
            : null;

    private static async Task<int> Refuse(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        return status;
    }
}
