using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Oci.Staging;

/// <summary>
/// Whole requests and whole answers, byte for byte, one after the other on one registry: what the SDK, or any client of the distribution
/// specification, sees.
/// </summary>
public sealed partial class StagingAnswerTests
{
    private static readonly byte[] Layer = Encoding.UTF8.GetBytes("the bytes of a layer");
    private static readonly Digest LayerDigest = Digest.Of(Layer);
    private static readonly Digest Pushed = Digest.Of("hello"u8);
    private static readonly Digest Manifest = Digest.Of("{}"u8);

    private static readonly string[] Requests =
    [
        "GET /v2", "GET /v2/", "GET /v2/?a=b", "GET /", "GET /v2/x", "POST /v2/x", "DELETE /v2/base/manifests/x", "OPTIONS /v2/",
        "GET /v2/base/manifests/{tag}", "HEAD /v2/base/manifests/{tag}", "GET /v2/other/manifests/{tag}", "GET /v2/base/manifests/none",
        "GET /v2/base/manifests/{image}",
        $"GET /v2/base/blobs/{LayerDigest}", $"HEAD /v2/base/blobs/{LayerDigest}", $"GET /v2/base/blobs/{LayerDigest.ToString().Replace(":", "%3A", StringComparison.Ordinal)}",
        $"GET /v2/base/blobs/{Pushed}", "GET /v2/base/blobs/md5:1",
        "POST /v2/app/blobs/uploads/", "PATCH /v2/app/blobs/uploads/{id}\nContent-Length: 3\n\nhel", "PATCH /v2/app/blobs/uploads/{id}\nTransfer-Encoding: chunked\n\n1;x=y\nl\n1\no\n0\nTrailer: x\n\n",
        "PUT /v2/app/blobs/uploads/{id}", "PUT /v2/app/blobs/uploads/{id}?digest=md5:1", $"PUT /v2/app/blobs/uploads/{{id}}?digest={Pushed}",
        $"GET /v2/app/blobs/{Pushed}", $"HEAD /v2/app/blobs/{Pushed}", $"PUT /v2/app/blobs/uploads/{{id}}?digest={Pushed}",
        "PATCH /v2/app/blobs/uploads/none\nContent-Length: 1\n\nx",
        $"POST /v2/app/blobs/uploads?x=1&digest={Digest.Of("x"u8)}\nContent-Length: 1\n\nx", "POST /v2/app/blobs/uploads?digest=x\nContent-Length: 1\n\nx",
        $"POST /v2/app/blobs/uploads/?mount={Pushed}&from=base", $"PUT /v2/app/blobs/uploads/{{id}}?digest={Pushed}\nContent-Length: 1\n\nx",
        "PUT /v2/app/manifests/1\nContent-Type: a/b\nContent-Length: 2\n\n{}", "GET /v2/app/manifests/1", $"GET /v2/base/manifests/{Manifest}",
        $"PUT /v2/app/manifests/{Pushed}\nContent-Length: 2\n\n{{}}", $"PUT /v2/app/manifests/{Manifest}\nContent-Length: 2\n\n{{}}",
        "GET /v2/\nHost: example.com", "GET /v2/\nHost: 127.0.0.1:{port}",
        "nonsense", "GET /v2/ HTTP/1.1 x", "PATCH /v2/app/blobs/uploads/{id}\nTransfer-Encoding: chunked\n\nz\n", "PUT /v2/app/manifests/2\nContent-Length: x\n\n{}",
        "PUT /v2/app/manifests/2\nContent-Length: 9\n\n{}", "PUT /v2/app/manifests/2\nTransfer-Encoding: chunked\n\n9\n{}",
    ];

    [Test]
    public async Task Each_request_has_the_approved_answer()
    {
        using var root = new TempRoot();
        var image = Image.Empty(Platform.LinuxAmd64).WithLayers(
            [
                new Layer(new Descriptor(MediaTypes.OciLayerGzip, LayerDigest, Layer.Length), Digest.Of("tar"u8), new LayerOrigin("x"),
                    _ => Task.FromResult<Stream>(new MemoryStream(Layer))),
            ],
            DateTimeOffset.UnixEpoch);
        using var registry = StagingRegistry.Start(
            new StagedBase("base", [image]), () => new TemporaryFile(root.Path, e => CacheErrors.CannotWrite(root.Path, e)));
        var text = new StringBuilder();
        var id = "none";
        foreach (var request in Requests)
        {
            var sent = request.Replace("{id}", id, StringComparison.Ordinal).Replace("{tag}", registry.Base.Tag, StringComparison.Ordinal)
                .Replace("{image}", image.Digest.ToString(), StringComparison.Ordinal)
                .Replace("{port}", $"{registry.Port}", StringComparison.Ordinal);
            var answer = await AnswerAsync(registry, sent);
            id = UploadId().Match(answer) is { Success: true } match ? match.Groups["id"].Value : id;
            text.Append(request.ReplaceLineEndings(" | ")).Append('\n');
            foreach (var line in answer.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0))
                text.Append("  ").Append(UploadId().Replace(line, "uploads/{id}").Replace(registry.Base.Tag, "{tag}", StringComparison.Ordinal)).Append('\n');
        }

        Approved.Check("LambdaLayers.Containers.Core.Tests", "Oci/Staging/Answers.approved.txt", text.ToString());
    }

    private static async Task<string> AnswerAsync(StagingRegistry registry, string request)
    {
        var (head, body) = request.Split("\n\n", 2) is [var h, var b] ? (h, b) : (request, "");
        var lines = head.Split('\n').ToList();
        if (!lines[0].Contains("HTTP", StringComparison.Ordinal) && lines[0].Contains(' ', StringComparison.Ordinal))
            lines[0] += " HTTP/1.1";
        if (!lines.Exists(line => line.StartsWith("Host:", StringComparison.Ordinal)))
            lines.Add($"Host: {registry.Host}");
        var isChunked = lines.Exists(line => line.Contains("chunked", StringComparison.Ordinal));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, registry.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            string.Join("\r\n", lines) + "\r\n\r\n" + (isChunked ? body.ReplaceLineEndings("\r\n") : body)));
        client.Client.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    [GeneratedRegex("uploads/(?<id>[0-9a-f]{16,64})")]
    private static partial Regex UploadId();
}
