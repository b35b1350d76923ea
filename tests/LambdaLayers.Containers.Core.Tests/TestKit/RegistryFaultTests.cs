using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

/// <summary>What tests do with the kit's registry and with the slow proxy: count, refuse, cut, delay and redirect.</summary>
public sealed class RegistryFaultTests
{
    private static readonly byte[] Blob = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

    private EmbeddedRegistry _registry = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Test]
    public async Task Blobs_are_counted_where_they_go_in_front_and_not_at_the_back()
    {
        using var pusher = new RegistryPusher(new Uri($"http://{_registry.Host}"));
        using var uncounted = new RegistryPusher(_registry.Uncounted);

        var digest = await pusher.PushBlobAsync("a/b", Blob);
        await uncounted.PushBlobAsync("c", Blob);
        await _client.GetByteArrayAsync(BlobUri("a/b", digest));

        Assert.That(_registry.UploadedBytes("a/b"), Is.EqualTo(Blob.Length));
        Assert.That(_registry.UploadedBlobs(), Is.EqualTo(1));
        Assert.That(_registry.DownloadedBlobs("a/b"), Is.EqualTo(1));
        Assert.That(_registry.Requests.Select(r => $"{r.Method} {r.Status}"), Is.EqualTo(new[] { "POST 202", "PUT 201", "GET 200" }));
        Assert.That(_registry.Requests[^1].ResponseBytes, Is.EqualTo(Blob.Length));
    }

    [Test]
    public async Task The_nth_request_of_a_kind_is_refused()
    {
        var digest = _registry.AddBlob(Blob).ToString();
        _registry.Faults.Enqueue(new RegistryFault { When = r => r.IsBlobDownload, After = 1, Times = 2, Status = 503, RetryAfter = "7" });

        var seen = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await _client.GetAsync(BlobUri("a", digest));
            seen.Add((int)response.StatusCode);
            Assert.That(response.Headers.RetryAfter?.ToString(), Is.EqualTo(seen[^1] == 503 ? "7" : null));
        }

        Assert.That(seen, Is.EqualTo(new[] { 200, 503, 503, 200 }));
    }

    [Test]
    public async Task A_download_and_an_upload_are_cut_after_so_many_bytes()
    {
        var digest = _registry.AddBlob(Blob).ToString();
        _registry.Faults.Enqueue(new RegistryFault { When = r => r.IsBlobDownload, CutAfter = 50_000 });
        _registry.Faults.Enqueue(new RegistryFault { When = r => r.Method == "PUT", CutAfter = 60_000 });
        using var pusher = new RegistryPusher(new Uri($"http://{_registry.Host}"));

        using var response = await _client.GetAsync(BlobUri("a", digest), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var arrived = 0;
        await Assert.ThatAsync(async () =>
        {
            var buffer = new byte[4096];
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
                arrived += read;
        }, Throws.InstanceOf<IOException>());
        await Assert.ThatAsync(() => pusher.PushBlobAsync("a", Blob), Throws.InstanceOf<HttpRequestException>());

        Assert.That(arrived, Is.EqualTo(50_000));
        Assert.That(_registry.Requests[^1].RequestBytes, Is.EqualTo(60_000));
        Assert.That(_registry.UploadedBlobs(), Is.Zero);
    }

    [Test]
    public async Task Blobs_and_uploads_are_sent_to_another_host()
    {
        var digest = _registry.AddBlob(Blob).ToString();
        await using var other = await EmbeddedRegistry.StartAsync(storage: _registry.Storage);
        (_registry.BlobHost, _registry.UploadHost) = ($"http://{other.Host}", $"http://{other.Host}");
        using var pusher = new RegistryPusher(new Uri($"http://{_registry.Host}"));

        using var redirect = await _client.GetAsync(BlobUri("a", digest));
        var pushed = await pusher.PushBlobAsync("b", new byte[] { 1, 2, 3 });

        Assert.That(redirect.StatusCode, Is.EqualTo(HttpStatusCode.TemporaryRedirect));
        Assert.That(await _client.GetByteArrayAsync(redirect.Headers.Location), Is.EqualTo(Blob));
        Assert.That(other.UploadedBlobs("b"), Is.EqualTo(1));
        Assert.That(_registry.Storage.FindBlob("b", pushed), Is.Not.Null);
    }

    [Test]
    public async Task A_chunk_is_answered_with_201_on_demand()
    {
        _registry.ChunkStatus = 201;
        using var opened = await _client.PostAsync(new Uri($"http://{_registry.Host}/v2/a/blobs/uploads/"), null);

        using var chunk = await _client.PatchAsync(opened.Headers.Location, new ByteArrayContent([1]));

        Assert.That((int)chunk.StatusCode, Is.EqualTo(201));
        Assert.That(chunk.Headers.Location, Is.Not.Null);
    }

    [Test]
    public async Task Immutable_tags_are_not_written_again()
    {
        _registry.ImmutableTags = name => name == "fixed";
        using var pusher = new RegistryPusher(_registry.Uncounted);
        using var front = new RegistryPusher(new Uri($"http://{_registry.Host}"));
        await pusher.PushAsync("fixed", "1", SyntheticBase.Plain());
        await front.PushAsync("fixed", "2", SyntheticBase.Plain("arm64"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            front.PushAsync("fixed", "1", SyntheticBase.Plain("arm64")));

        Assert.That(refused!.Message, Does.Contain("TAG_INVALID"));
    }

    [Test]
    public async Task Tags_come_in_pages_of_the_wanted_size()
    {
        foreach (var tag in new[] { "c", "a", "b" })
            _registry.AddManifest("x", tag, "application/json", "{}"u8.ToArray());

        using var page = await _client.GetAsync(new Uri($"http://{_registry.Host}/v2/x/tags/list?n=2"));
        using var rest = await _client.GetAsync(new Uri($"http://{_registry.Host}/v2/x/tags/list?n=2&last=b"));

        Assert.That(await page.Content.ReadAsStringAsync(), Does.EndWith("""["a","b"]}"""));
        Assert.That(page.Headers.GetValues("Link"), Is.EqualTo(new[] { "</v2/x/tags/list?n=2&last=b>; rel=\"next\"" }));
        Assert.That(await rest.Content.ReadAsStringAsync(), Does.EndWith("""["c"]}"""));
        Assert.That(rest.Headers.Contains("Link"), Is.False);
    }

    [Test]
    public async Task Referrers_are_listed_by_subject_and_kind()
    {
        using var pusher = new RegistryPusher(_registry.Uncounted);
        var subject = await pusher.PushAsync("a", "1", SyntheticBase.Plain());
        await pusher.PushBlobAsync("a", "{}"u8.ToArray());
        var sbom = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.Manifest(ImageFamily.Oci),
            artifactType = "application/spdx+json",
            config = new { mediaType = "application/vnd.oci.empty.v1+json", digest = SyntheticLayer.Sha256("{}"u8), size = 2 },
            layers = Array.Empty<object>(),
            subject = new { mediaType = MediaTypes.Manifest(ImageFamily.Docker), digest = subject, size = 1 },
        });
        using var content = new ByteArrayContent(sbom);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Manifest(ImageFamily.Oci));
        using var put = await _client.PutAsync(new Uri($"http://{_registry.Host}/v2/a/manifests/{SyntheticLayer.Sha256(sbom)}"), content);

        Assert.That(put.Headers.GetValues("OCI-Subject"), Is.EqualTo(new[] { subject }));
        Assert.That(await ReferrersAsync(subject, ""), Is.EqualTo(new[] { "application/spdx+json" }));
        Assert.That(await ReferrersAsync(subject, "?artifactType=application/other"), Is.Empty);
    }

    [Test]
    public async Task The_slow_proxy_tells_round_trips_one_after_the_other_from_those_at_once()
    {
        var digests = Enumerable.Range(0, 4).Select(i => _registry.AddBlob([(byte)i]).ToString()).ToList();
        await using var proxy = new SlowProxy(new Uri($"http://{_registry.Host}"), TimeSpan.FromMilliseconds(50));
        Uri Through(string digest) => new($"http://{proxy.Host}/v2/a/blobs/{digest}");
        using var pusher = new RegistryPusher(new Uri($"http://{proxy.Host}"));

        var before = Stopwatch.GetTimestamp();
        await Task.WhenAll(digests.Select(d => _client.GetByteArrayAsync(Through(d))));
        var atOnce = proxy.LongestChain;
        await pusher.PushBlobAsync("a", Blob);

        Assert.That(Stopwatch.GetElapsedTime(before), Is.GreaterThan(TimeSpan.FromMilliseconds(150)), "three round trips wait");
        Assert.That(atOnce, Is.EqualTo(1));
        Assert.That(proxy.LongestChain, Is.EqualTo(3), "the downloads at once, then POST, then PUT");
        Assert.That(proxy.Requests, Has.Count.EqualTo(6));
        Assert.That(proxy.Writes.Select(r => (r.Method, r.Status)), Is.EqualTo(new[] { ("POST", 202), ("PUT", 201) }));
        Assert.That(proxy.Writes[1].RequestBytes, Is.EqualTo(Blob.Length));
        Assert.That(_registry.UploadedBytes(), Is.EqualTo(Blob.Length), "byte for byte");
    }

    [Test]
    public async Task The_slow_proxy_cuts_anywhere()
    {
        var digest = _registry.AddBlob(Blob).ToString();
        await using var proxy = new SlowProxy(_registry.Uncounted, TimeSpan.Zero);
        proxy.Faults.Enqueue(new RegistryFault { When = r => r.IsBlobDownload, CutAfter = 1 });
        var uri = new Uri($"http://{proxy.Host}/v2/a/blobs/{digest}");

        await Assert.ThatAsync(() => _client.GetByteArrayAsync(uri), Throws.InstanceOf<HttpRequestException>());

        Assert.That(await _client.GetByteArrayAsync(uri), Is.EqualTo(Blob));
    }

    private Uri BlobUri(string repository, string digest) => new($"http://{_registry.Host}/v2/{repository}/blobs/{digest}");

    private async Task<IReadOnlyList<string?>> ReferrersAsync(string subject, string query)
    {
        using var json = JsonDocument.Parse(
            await _client.GetStringAsync(new Uri($"http://{_registry.Host}/v2/a/referrers/{subject}{query}")));
        return [.. json.RootElement.GetProperty("manifests").EnumerateArray().Select(m => m.GetProperty("artifactType").GetString())];
    }
}
