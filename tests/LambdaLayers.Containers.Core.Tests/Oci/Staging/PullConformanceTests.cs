using System.Net;
using System.Text;
using System.Text.Json;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Oci.Staging;

/// <summary>
/// The cases of the distribution specification's own suite for pulling
/// (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/conformance/01_pull_test.go), written out against the
/// staging registry: what it serves of the base, as one image and as an index, and what was pushed to it.
/// </summary>
[TestFixture("image")]
[TestFixture("index")]
[TestFixture("pushed")]
public sealed class PullConformanceTests(string content)
{
    private const string DigestHeader = "Docker-Content-Digest";
    private const string Missing = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    private static readonly byte[] LayerBytes = Encoding.UTF8.GetBytes("the bytes of a layer");
    private static readonly string[] ErrorCodes =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS",
    ];

    private TempRoot _root = null!;
    private StagingRegistry _registry = null!;
    private HttpClient _http = null!;
    private string _repository = "lambda/dotnet";
    private string _tag = "";
    private (string MediaType, byte[] Bytes) _manifest;
    private byte[] _config = [];

    [SetUp]
    public async Task StartAsync()
    {
        _root = new TempRoot();
        var images = (content == "index" ? new[] { Platform.LinuxAmd64, Platform.LinuxArm64 } : [Platform.LinuxAmd64])
            .Select(platform => Image.Empty(platform).WithLayers([Layer()], DateTimeOffset.UnixEpoch)).ToList();
        _registry = StagingRegistry.Start(
            new StagedBase(_repository, images), () => new TemporaryFile(_root.Path, e => CacheErrors.CannotWrite(_root.Path, e)));
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{_registry.Host}/v2/") };
        _config = images[0].Config.Bytes.ToArray();
        _tag = _registry.Base.Tag;
        _manifest = _registry.Base.Index is { } index
            ? (index.MediaType, index.Bytes.ToArray())
            : (images[0].Manifest.MediaType, images[0].Manifest.Bytes.ToArray());
        if (content == "pushed")
            await PushAsync(images[0]);
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _registry.Dispose();
        _root.Dispose();
    }

    [Test]
    public Task HEAD_of_a_blob_that_is_not_there_is_404() => IsMissingAsync(HttpMethod.Head, $"blobs/{Missing}");

    [Test]
    public Task GET_of_a_blob_that_is_not_there_is_404() => IsMissingAsync(HttpMethod.Get, $"blobs/{Missing}");

    [Test]
    public Task HEAD_of_a_manifest_that_is_not_there_is_404() => IsMissingAsync(HttpMethod.Head, "manifests/not-there");

    [Test]
    public Task GET_of_a_manifest_that_is_not_there_is_404() => IsMissingAsync(HttpMethod.Get, "manifests/not-there");

    [Test]
    public async Task HEAD_and_GET_of_a_config_and_of_a_layer([Values] bool get, [Values] bool config)
    {
        var bytes = config ? _config : LayerBytes;

        await IsThereAsync(get, $"blobs/{Digest.Of(bytes)}", bytes);
    }

    [Test]
    public async Task HEAD_and_GET_of_a_manifest_by_digest_and_by_tag([Values] bool get, [Values] bool digest)
    {
        var mediaType = await IsThereAsync(
            get, $"manifests/{(digest ? Digest.Of(_manifest.Bytes).ToString() : _tag)}", _manifest.Bytes);

        Assert.That(mediaType, Is.EqualTo(_manifest.MediaType));
        using var json = JsonDocument.Parse(_manifest.Bytes);
        Assert.That(json.RootElement.GetProperty("mediaType").GetString(), Is.EqualTo(mediaType), "as the document says itself");
    }

    [Test]
    public async Task Everything_that_a_manifest_names_can_be_got()
    {
        using var json = JsonDocument.Parse(_manifest.Bytes);
        var manifests = json.RootElement.TryGetProperty("manifests", out var entries)
            ? entries.EnumerateArray().Select(e => e.GetProperty("digest").GetString()!).ToList()
            : [Digest.Of(_manifest.Bytes).ToString()];
        foreach (var digest in manifests)
        {
            var bytes = await _http.GetByteArrayAsync($"{_repository}/manifests/{digest}");
            Assert.That(Digest.Of(bytes).ToString(), Is.EqualTo(digest));
            using var manifest = JsonDocument.Parse(bytes);
            foreach (var blob in manifest.RootElement.GetProperty("layers").EnumerateArray()
                .Append(manifest.RootElement.GetProperty("config")))
            {
                var got = await _http.GetByteArrayAsync($"{_repository}/blobs/{blob.GetProperty("digest").GetString()}");
                Assert.That(Digest.Of(got).ToString(), Is.EqualTo(blob.GetProperty("digest").GetString()));
                Assert.That(got, Has.Length.EqualTo(blob.GetProperty("size").GetInt64()));
            }
        }
    }

    [TestCase("manifests/.INVALID_MANIFEST_NAME")]
    [TestCase("manifests/sha256:totallywrong")]
    [TestCase("blobs/sha256:totallywrong")]
    [TestCase("blobs/md5:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task What_names_nothing_is_an_error_of_the_specification(string path)
    {
        using var response = await _http.GetAsync($"{_repository}/{path}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var errors = json.RootElement.GetProperty("errors").EnumerateArray().ToList();
        Assert.That(errors, Is.Not.Empty);
        Assert.That(errors.Select(e => e.GetProperty("code").GetString()), Is.SubsetOf(ErrorCodes));
        Assert.That(errors.Select(e => e.GetProperty("message").GetString()), Is.All.Not.Empty);
    }

    [Test]
    public async Task The_end_of_the_API_says_that_it_is_one([Values("", "/")] string slash)
    {
        using var response = await _http.GetAsync(new Uri($"http://{_registry.Host}/v2{slash}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task IsMissingAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, $"{_repository}/{path}");
        using var response = await _http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    // Gives the media type.
    private async Task<string?> IsThereAsync(bool get, string path, byte[] expected)
    {
        using var request = new HttpRequestMessage(get ? HttpMethod.Get : HttpMethod.Head, $"{_repository}/{path}");
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(expected.Length));
        Assert.That(response.Headers.GetValues(DigestHeader), Is.EqualTo(new[] { Digest.Of(expected).ToString() }));
        Assert.That(body, Is.EqualTo(get ? expected : []));
        return response.Content.Headers.ContentType?.MediaType;
    }

    private async Task PushAsync(Image image)
    {
        (_repository, _tag) = ("my/function", "1");
        using var pusher = new LambdaLayers.Containers.TestKit.Images.RegistryPusher(new Uri($"http://{_registry.Host}/"));
        // Its config is like no other: what was pushed is served, and not what the base has.
        var config = image.Config.WithLabels([new("pushed", "yes")]);
        var pushed = image.WithConfig(config);
        _config = config.Bytes.ToArray();
        await pusher.PushBlobAsync(_repository, _config);
        await pusher.PushManifestAsync(_repository, _tag, pushed.Manifest.MediaType, pushed.Manifest.Bytes);
        _manifest = (pushed.Manifest.MediaType, pushed.Manifest.Bytes.ToArray());
    }

    private static Layer Layer() => new(
        new Descriptor(MediaTypes.DockerLayerGzip, Digest.Of(LayerBytes), LayerBytes.Length), Digest.Of(LayerBytes),
        new LayerOrigin("test"), _ => Task.FromResult<Stream>(new MemoryStream(LayerBytes, writable: false)));
}
