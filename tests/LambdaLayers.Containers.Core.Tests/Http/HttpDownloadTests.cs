using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Http;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpDownloadTests
{
    private readonly byte[] _zip = RandomNumberGenerator.GetBytes(1_000_000);
    private readonly ImpatientTime _time = new();
    private readonly RecordingLog _log = new();
    private TempRoot _root = null!;
    private ContentCache _cache = null!;
    private HttpTransport _http = null!;
    private FakeServer? _server;

    [SetUp]
    public void MakeCache()
    {
        _root = new TempRoot();
        _cache = new ContentCache(new CachePaths(_root.Path));
        _http = Transport(HttpTransport.NewHandler(null));
    }

    [TearDown]
    public void Dispose()
    {
        _http.Dispose();
        _server?.Dispose();
        _root.Dispose();
    }

    private HttpDownload Download => new(_http, _cache);

    private HttpTransport Transport(HttpMessageHandler handler) => new(handler, handler, HttpPolicy.Default, _time, _log);

    private Digest Expected => Digest.Of(_zip);

    private FakeServer Serve(Func<SeenRequest, HttpResponse, Task> handler) =>
        _server = FakeServer.Start(handler);

    private DownloadRequest Request(string path = "layer.zip", long? size = null, Func<bool, Uri>? source = null) =>
        new("tools:3", Expected, (fresh, _) => Task.FromResult(source?.Invoke(fresh) ?? new Uri(_server!.Address, path)))
        {
            Size = size,
        };

    private string[] LeftOvers() => Directory.Exists(_cache.Paths.Temporary) ? Directory.GetFiles(_cache.Paths.Temporary) : [];

    private async Task AssertCachedAsync()
    {
        await using var cached = await _cache.TryOpenAsync(Expected, default);
        Assert.That(cached, Is.Not.Null);
        Assert.That(LeftOvers(), Is.Empty);
    }

    private void AssertNothingKept()
    {
        Assert.That(File.Exists(_cache.Paths.Blob(Expected)), Is.False);
        Assert.That(LeftOvers(), Is.Empty);
    }

    /// <summary>Answers with the bytes from the range on, and cuts the connection after <paramref name="most"/> of them.</summary>
    private async Task SendAsync(SeenRequest request, HttpResponse response, int most = int.MaxValue, string? tag = null)
    {
        var from = request.Header("Range") is { } range
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{_zip.Length - 1}/{_zip.Length}";
        }

        if (tag is not null)
            response.Headers["ETag"] = tag;
        response.ContentLength = _zip.Length - from;
        var count = Math.Min(most, _zip.Length - from);
        await response.Body.WriteAsync(_zip.AsMemory(from, count));
        await response.Body.FlushAsync();
        if (count < _zip.Length - from)
            await response.CutAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_arrives_whole_is_in_the_cache(bool sizeKnown)
    {
        Serve((q, r) => SendAsync(q, r));

        var downloaded = await Download.FetchAsync(Request(size: sizeKnown ? _zip.Length : null), default);

        Assert.That(downloaded);
        Assert.That(_log.Highs, Is.Empty, "a fast link needs no progress");
        await AssertCachedAsync();
    }

    [Test]
    public async Task What_is_cached_is_not_asked_for()
    {
        Serve((q, r) => SendAsync(q, r));
        await Download.FetchAsync(Request(), default);

        var downloaded = await Download.FetchAsync(Request(), default);

        Assert.That(downloaded, Is.False);
        Assert.That(_server!.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_connection_cut_five_times_is_resumed_where_it_broke()
    {
        Serve((q, r) => SendAsync(q, r, _server!.Requests.Count <= 5 ? 150_000 : int.MaxValue, "\"v1\""));

        await Download.FetchAsync(Request(size: _zip.Length), default);

        var ranges = _server!.Requests.Select(q => q.Header("Range")).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(ranges, Has.Count.EqualTo(6));
            Assert.That(ranges[0], Is.Null);
            Assert.That(ranges.Skip(1), Is.All.Not.Null);
            Assert.That(ranges, Is.Unique);
            Assert.That(_server.Requests.Skip(1).Select(q => q.Header("If-Range")), Is.All.EqualTo("\"v1\""));
        });
        await AssertCachedAsync();
    }

    [Test]
    public async Task A_server_without_ranges_is_asked_for_the_whole()
    {
        Serve(async (q, r) =>
        {
            var whole = q with { Headers = new Dictionary<string, string>() };
            await SendAsync(whole, r, _server!.Requests.Count == 1 ? 400_000 : int.MaxValue);
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        Assert.That(_server!.Requests[^1].Header("Range"), Is.Not.Null);
        await AssertCachedAsync();
    }

    [Test]
    public async Task A_part_that_was_not_asked_for_is_dropped_and_the_whole_fetched()
    {
        Serve(async (q, r) =>
        {
            if (_server!.Requests.Count == 2)
            {
                r.StatusCode = 206;
                r.Headers["Content-Range"] = $"bytes 5-9/{_zip.Length}";
                await r.Body.WriteAsync(new byte[5]);
                return;
            }

            await SendAsync(q, r, _server.Requests.Count == 1 ? 400_000 : int.MaxValue);
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        Assert.That(_server!.Requests[^1].Header("Range"), Is.Null);
        await AssertCachedAsync();
    }

    [Test]
    public async Task Content_that_changed_between_two_parts_is_fetched_anew()
    {
        Serve((q, r) => _server!.Requests.Count switch
        {
            1 => SendAsync(q, r, 400_000, "\"old\""),
            _ => SendAsync(q, r, tag: "\"new\""),
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        await AssertCachedAsync();
        Assert.That(_server!.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Parts_that_do_not_fit_together_are_fetched_once_more_from_the_beginning()
    {
        // Without an ETag nobody can tell that the first part was of something else.
        Serve(async (q, r) =>
        {
            if (_server!.Requests.Count > 1)
            {
                await SendAsync(q, r);
                return;
            }

            r.ContentLength = _zip.Length;
            await r.Body.WriteAsync(new byte[400_000]);
            await r.Body.FlushAsync();
            await r.CutAsync();
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        await AssertCachedAsync();
        Assert.That(_server!.Requests.Select(q => q.Header("Range") is null), Is.EqualTo(new[] { true, false, true }));
    }

    [Test]
    public async Task A_trickle_is_not_progress()
    {
        Serve(async (_, r) =>
        {
            r.ContentLength = _zip.Length;
            for (var i = 0; i < 400; i++)
            {
                await r.Body.WriteAsync(_zip.AsMemory(i, 1));
                await r.Body.FlushAsync();
                await Task.Delay(25);
            }
        });
        var policy = new HttpPolicy
        {
            StallTimeout = TimeSpan.FromSeconds(1),
            MinimumRate = 1000,
            MaximumAttempts = 1,
        };
        var handler = HttpTransport.NewHandler(null);
        using var http = new HttpTransport(handler, handler, policy, TimeProvider.System, _log);

        var error = await Failure.OfAsync(() => new HttpDownload(http, _cache).FetchAsync(Request(), default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1151"));
        Assert.That(error.Message, Does.Match(@"no more than \d+ bytes came in 1 seconds"));
        AssertNothingKept();
    }

    [TestCase(403)]
    [TestCase(400)]
    public async Task An_expired_link_is_replaced_and_the_download_continues(int status)
    {
        Serve(async (q, r) =>
        {
            if (q.Target == "/old" && _server!.Requests.Count > 1)
                r.StatusCode = status;
            else
                await SendAsync(q, r, q.Target == "/old" ? 400_000 : int.MaxValue);
        });
        var request = Request(size: _zip.Length, source: fresh => new Uri(_server!.Address, fresh ? "new" : "old"));

        await Download.FetchAsync(request with { LinksExpire = true }, default);

        Assert.That(_server!.Requests.Select(q => q.Target), Is.EqualTo(new[] { "/old", "/old", "/new" }));
        Assert.That(_server.Requests[^1].Header("Range"), Is.Not.Null);
        await AssertCachedAsync();
    }

    [Test]
    public async Task Fresh_links_that_are_refused_too_end_in_an_error()
    {
        Serve((_, r) =>
        {
            r.StatusCode = 403;
            return Task.CompletedTask;
        });

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request() with { LinksExpire = true }, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1157"));
        Assert.That(_server!.Requests, Has.Count.EqualTo(4));
    }

    [TestCase(401, "login")]
    [TestCase(403, "login")]
    [TestCase(404, "correct it")]
    [TestCase(204, "Check the address")]
    public async Task A_refusal_for_good_is_an_error_at_once(int status, string advice)
    {
        Serve((_, r) =>
        {
            r.StatusCode = status;
            return Task.CompletedTask;
        });

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request("a.zip?secret=1"), default));

        Assert.Multiple(() =>
        {
            Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1150"));
            Assert.That(error.Diagnostic.Message, Does.Contain(advice).And.Not.Contain("secret"));
            Assert.That(_server!.Requests, Has.Count.EqualTo(1));
            AssertNothingKept();
        });
    }

    [Test]
    public async Task A_busy_server_is_asked_again_when_it_says()
    {
        Serve(async (q, r) =>
        {
            if (_server!.Requests.Count < 3)
            {
                r.StatusCode = 503;
                r.Headers["Retry-After"] = "7";
                return;
            }

            await SendAsync(q, r);
        });

        await Download.FetchAsync(Request(), default);

        Assert.That(_time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7) }));
    }

    [Test]
    public async Task A_server_that_never_delivers_is_given_up_after_growing_pauses()
    {
        Serve((q, r) => SendAsync(q, r, 0));

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request(size: _zip.Length), default));

        Assert.Multiple(() =>
        {
            Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1151"));
            Assert.That(_time.Waits, Is.Ordered.And.Unique);
            Assert.That(_server!.Requests, Has.Count.EqualTo(6));
            AssertNothingKept();
        });
    }

    [Test]
    public async Task A_connection_without_any_data_counts_as_cut()
    {
        Serve(async (q, r) =>
        {
            if (_server!.Requests.Count > 1)
            {
                await SendAsync(q, r);
                return;
            }

            _time.LosePatience();
            await Task.Delay(Timeout.Infinite, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        await AssertCachedAsync();
    }

    [Test]
    public async Task A_wrong_digest_never_reaches_the_cache()
    {
        Serve((q, r) => SendAsync(q, r));
        var other = Digest.Of("something else"u8);

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request() with { Digest = other }, default));

        Assert.Multiple(() =>
        {
            Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1152"));
            Assert.That(error.Diagnostic.Message, Does.Contain(other.Hex).And.Contain(Expected.Hex));
            Assert.That(File.Exists(_cache.Paths.Blob(other)), Is.False);
            AssertNothingKept();
        });
    }

    [TestCase(-1, true)]
    [TestCase(1, true)]
    [TestCase(-1, false)]
    [TestCase(1, false)]
    public async Task A_wrong_size_is_an_error(int difference, bool declared)
    {
        Serve(async (_, r) =>
        {
            if (declared)
                r.ContentLength = _zip.Length;
            await r.Body.WriteAsync(_zip);
        });

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request(size: _zip.Length + difference), default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo(difference > 0 && !declared ? "LLC1151" : "LLC1153"));
        AssertNothingKept();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_endless_body_is_stopped_at_the_limit(bool declared)
    {
        Serve(async (_, r) =>
        {
            if (declared)
                r.ContentLength = long.MaxValue;
            // Without the token a write to nobody does nothing and never fails.
            while (true)
                await r.Body.WriteAsync(_zip, r.HttpContext.RequestAborted);
        });

        var error = await Failure.OfAsync(() => Download.FetchAsync(Request() with { MaximumSize = 3_000_000 }, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1154"));
        AssertNothingKept();
    }

    [Test]
    public async Task Redirects_are_followed_up_to_a_limit()
    {
        Serve(async (q, r) =>
        {
            var left = int.Parse(q.Target[1..], CultureInfo.InvariantCulture);
            if (left > 0)
                r.Redirect($"/{left - 1}");
            else
                await SendAsync(q, r);
        });

        await Download.FetchAsync(Request("5"), default);
        var error = await Failure.OfAsync(() => Download.FetchAsync(Request("6") with { Digest = Digest.Of([]) }, default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1156"));
    }

    [Test]
    public async Task Plain_http_is_only_for_this_machine()
    {
        Serve((_, r) =>
        {
            r.Redirect("http://example.com/layer.zip");
            return Task.CompletedTask;
        });

        var direct = await Failure.OfAsync(() => Download.FetchAsync(
            Request(source: _ => new Uri("http://example.com/layer.zip")), default));
        var redirected = await Failure.OfAsync(() => Download.FetchAsync(Request(), default));

        Assert.That(direct.Diagnostic.Code, Is.EqualTo("LLC1155"));
        Assert.That(redirected.Diagnostic.Code, Is.EqualTo("LLC1156"));
    }

    [TestCase("https://127.0.0.1/admin")]
    [TestCase("https://localhost./admin")]
    [TestCase("https://LOCALHOST/admin")]
    [TestCase("https://a.localhost./admin")]
    [TestCase("https://0.0.0.0/admin")]
    [TestCase("https://[::1]/admin")]
    [TestCase("https://[::]/admin")]
    [TestCase("https://[::ffff:127.0.0.1]/admin")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://[fe80::1]/admin")]
    [TestCase("https://[fd00:ec2::254]/latest/meta-data")]
    [TestCase("https://metadata.google.internal./computeMetadata")]
    [TestCase("https://user@elsewhere.example/x")]
    [TestCase("file:///etc/passwd")]
    public async Task A_public_server_cannot_send_the_build_to_this_machine_or_its_network(string target)
    {
        using var http = Transport(new Redirector(target));
        var download = new HttpDownload(http, _cache);

        var error = await Failure.OfAsync(() => download.FetchAsync(
            Request(source: _ => new Uri("https://example.com/layer.zip")), default));

        Assert.That(error.Diagnostic.Code, Is.EqualTo("LLC1156"));
    }

    [Test]
    public async Task A_slow_link_is_reported_now_and_then()
    {
        Serve(async (_, r) =>
        {
            r.ContentLength = _zip.Length;
            for (var sent = 0; sent < _zip.Length; sent += 100_000)
            {
                _time.Advance(TimeSpan.FromSeconds(3));
                await r.Body.WriteAsync(_zip.AsMemory(sent, 100_000));
                await r.Body.FlushAsync();
                // The clock may only go on when what was sent has been counted.
                while (LeftOvers() is not [var file] || new FileInfo(file).Length + 65_536 < sent + 100_000)
                    await Task.Delay(1);
            }
        });

        await Download.FetchAsync(Request(size: _zip.Length), default);

        Assert.That(_log.Highs, Has.Count.InRange(2, 4));
        Assert.That(_log.Highs, Is.All.Match(@"^Downloading tools:3: \d+ % of 1\.0 MB, 0\.0\d MB/s$"));
    }

    [Test]
    public void Being_cancelled_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        Serve(async (_, r) =>
        {
            r.ContentLength = _zip.Length;
            await r.Body.WriteAsync(_zip.AsMemory(0, 1000));
            await r.Body.FlushAsync();
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, source.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        Assert.That(() => Download.FetchAsync(Request(), source.Token), Throws.InstanceOf<OperationCanceledException>());
        AssertNothingKept();
    }

    [Test]
    public async Task Many_downloads_of_one_thing_into_one_cache_all_succeed()
    {
        Serve((q, r) => SendAsync(q, r));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Download.FetchAsync(Request(), default))));

        await AssertCachedAsync();
    }

    private sealed class Redirector(string target) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(target) } });
    }
}
