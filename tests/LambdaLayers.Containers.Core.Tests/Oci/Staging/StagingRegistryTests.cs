using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Staging;
using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.Oci.Staging;

public sealed class StagingRegistryTests
{
    private static readonly byte[] BlobBytes = Encoding.UTF8.GetBytes("the bytes of a layer");
    private static readonly Digest BlobDigest = Digest.Of(BlobBytes);
    private static readonly Digest LazyDigest = Digest.Of("made on demand"u8);

    private HttpClient _http = null!;
    private StagingRegistry _registry = null!;
    private Image _image = null!;
    private TempRoot _root = null!;
    private Func<CancellationToken, Task<Stream>> _openLazy = null!;

    [SetUp]
    public void Start()
    {
        _root = new TempRoot();
        _image = Image.Empty(Platform.LinuxAmd64).WithLayers(
            [
                LayerOf(BlobDigest, BlobBytes.Length, _ => Task.FromResult<Stream>(new MemoryStream(BlobBytes))),
                LayerOf(LazyDigest, 14, token => _openLazy(token)),
            ],
            DateTimeOffset.UnixEpoch);
        _registry = StagingRegistry.Start(
            new StagedBase("lambda/dotnet", [_image]), () => new TemporaryFile(_root.Path, e => CacheErrors.CannotWrite(_root.Path, e)));
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{_registry.Host}/") };
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _registry.Dispose();
        _root.Dispose();
    }

    [Test]
    public async Task The_tag_and_the_digest_lead_to_the_same_manifest_bytes()
    {
        using var byTag = await _http.GetAsync($"v2/lambda/dotnet/manifests/{_registry.Base.Tag}");
        using var byDigest = await _http.GetAsync($"v2/lambda/dotnet/manifests/{_image.Digest}");

        Assert.That(await byTag.Content.ReadAsByteArrayAsync(), Is.EqualTo(_image.Manifest.Bytes.ToArray()));
        Assert.That(await byDigest.Content.ReadAsByteArrayAsync(), Is.EqualTo(_image.Manifest.Bytes.ToArray()));
        Assert.That(byTag.Content.Headers.ContentType!.MediaType, Is.EqualTo(_image.Manifest.MediaType));
        Assert.That(byTag.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { _image.Digest.ToString() }));
    }

    [Test]
    public async Task A_blob_comes_with_its_length_and_again_as_often_as_it_is_asked_for()
    {
        for (var i = 0; i < 3; i++)
        {
            using var response = await _http.GetAsync($"v2/lambda/dotnet/blobs/{BlobDigest}");

            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(BlobBytes));
            Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(BlobBytes.Length));
        }
    }

    [Test]
    public async Task HEAD_tells_the_length_without_making_the_blob()
    {
        _openLazy = _ => throw new InvalidOperationException("must not be opened");
        using var request = new HttpRequestMessage(HttpMethod.Head, $"v2/lambda/dotnet/blobs/{LazyDigest}");

        using var response = await _http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(14));
    }

    [Test]
    public async Task A_blob_that_cannot_be_made_is_told_with_its_code_and_kept()
    {
        var failure = new LayersException(new Diagnostic("LLC9999", "It is broken."));
        _openLazy = _ => Task.FromException<Stream>(failure);

        using var response = await _http.GetAsync($"v2/lambda/dotnet/blobs/{LazyDigest}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("LLC9999"));
        Assert.That(_registry.Failure, Is.SameAs(failure));
    }

    [Test]
    public void A_blob_that_ends_too_early_is_a_cut_for_the_client_never_a_short_success()
    {
        _openLazy = _ => Task.FromResult<Stream>(new MemoryStream("half"u8.ToArray()));

        Assert.That(async () => await _http.GetByteArrayAsync($"v2/lambda/dotnet/blobs/{LazyDigest}"),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task Nothing_can_be_deleted()
    {
        using var response = await _http.DeleteAsync($"v2/lambda/dotnet/blobs/{BlobDigest}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task Every_repository_has_the_layers_of_the_base_so_that_no_client_uploads_them()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"v2/my/function/blobs/{BlobDigest}");

        using var response = await _http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_blob_that_is_uploaded_in_parts_is_there_afterwards(bool chunked)
    {
        var content = Encoding.UTF8.GetBytes(new string('x', 200_000));
        var session = await BeginAsync();
        foreach (var part in content.Chunk(70_000))
        {
            using var patch = new HttpRequestMessage(HttpMethod.Patch, session) { Content = new ByteArrayContent(part) };
            patch.Headers.TransferEncodingChunked = chunked;
            using var accepted = await _http.SendAsync(patch);
            Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        }

        using var created = await _http.PutAsync($"{session}?digest={Uri.EscapeDataString(Digest.Of(content).ToString())}", null);
        using var again = await _http.GetAsync($"v2/my/function/blobs/{Digest.Of(content)}");

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await again.Content.ReadAsByteArrayAsync(), Is.EqualTo(content));
        Assert.That(_registry.Uploads.Size(Digest.Of(content)), Is.EqualTo(content.Length));
    }

    [Test]
    public async Task What_is_not_what_its_digest_says_is_refused_and_gone()
    {
        var session = await BeginAsync();

        using var response = await _http.PutAsync(
            $"{session}?digest={Uri.EscapeDataString(BlobDigest.ToString())}", new ByteArrayContent("something else"u8.ToArray()));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(_registry.Uploads.Open(BlobDigest), Is.Null);
        Assert.That(Directory.GetFiles(_root.Path), Is.Empty);
    }

    [Test]
    public async Task Uploads_are_bounded_in_number()
    {
        for (var i = 0; i < 64; i++)
            await BeginAsync();

        using var response = await _http.PostAsync("v2/my/function/blobs/uploads/", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task A_manifest_that_is_pushed_is_kept_under_its_tag_and_digest_and_a_huge_one_is_not()
    {
        var manifest = "{}"u8.ToArray();
        using var put = await _http.PutAsync("v2/my/function/manifests/latest", new ByteArrayContent(manifest));
        using var huge = await _http.PutAsync("v2/my/function/manifests/huge", new ByteArrayContent(new byte[(4 << 20) + 1]));

        using var get = await _http.GetAsync($"v2/my/function/manifests/{Digest.Of(manifest)}");

        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await get.Content.ReadAsByteArrayAsync(), Is.EqualTo(manifest));
        Assert.That(huge.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Uploads_are_gone_with_the_registry()
    {
        await BeginAsync();
        Assert.That(Directory.GetFiles(_root.Path), Is.Not.Empty);

        _registry.Dispose();

        Assert.That(Directory.GetFiles(_root.Path), Is.Empty);
    }

    [TestCase("v2/lambda/dotnet/manifests/latest")]
    [TestCase("v2/lambda/other/manifests/latest")]
    [TestCase("v2/lambda/dotnet/tags/list")]
    [TestCase("v2/_catalog")]
    [TestCase("etc/passwd")]
    [TestCase("v2/lambda/dotnet/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Nothing_else_is_there(string path)
    {
        using var response = await _http.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Another_host_name_is_refused_so_that_no_web_page_can_rebind_its_own()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v2/") { Headers = { Host = "evil.example:80" } };

        using var response = await _http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(421));
    }

    [Test]
    public async Task A_TLS_greeting_is_hung_up_on_at_once_because_the_SDK_tries_HTTPS_first()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _registry.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0x00, 0x05 });
        var read = await ReadOrReset(stream);

        Assert.That(read, Is.Zero);
    }

    [Test]
    public async Task Only_this_machine_can_connect()
    {
        var address = (await Dns.GetHostAddressesAsync(Dns.GetHostName()))
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        if (address is null)
            Assert.Ignore("This machine has no address beside loopback.");
        using var client = new TcpClient();

        Assert.That(async () => await client.ConnectAsync(address!, _registry.Port), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void After_Dispose_nobody_listens_and_a_second_Dispose_does_nothing()
    {
        var port = _registry.Port;
        _registry.Dispose();
        _registry.Dispose();
        using var client = new TcpClient();

        Assert.That(async () => await client.ConnectAsync(IPAddress.Loopback, port), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void Every_served_image_has_a_tag_of_its_own()
    {
        var tags = Enumerable.Range(0, 50).Select(_ => new StagedBase("x", [_image]).Tag).ToList();

        Assert.That(tags, Is.Unique);
        Assert.That(tags, Has.All.Match("^llc-[0-9a-f]{32}$"));
    }

    private async Task<string> BeginAsync()
    {
        using var response = await _http.PostAsync("v2/my/function/blobs/uploads/", null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        return response.Headers.Location!.ToString();
    }

    private static Layer LayerOf(Digest digest, long size, Func<CancellationToken, Task<Stream>> open) =>
        new(new Descriptor(MediaTypes.OciLayerGzip, digest, size), digest, new LayerOrigin("test"), open);

    private static async Task<int> ReadOrReset(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
