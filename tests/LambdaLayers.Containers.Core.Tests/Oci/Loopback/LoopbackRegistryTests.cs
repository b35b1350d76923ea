using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci.Loopback;

namespace LambdaLayers.Containers.Core.Tests.Oci.Loopback;

public sealed class LoopbackRegistryTests
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private static readonly byte[] BlobBytes = Encoding.UTF8.GetBytes("the bytes of a layer");
    private static readonly ServedManifest Manifest = new(ManifestType, Encoding.UTF8.GetBytes("""{"schemaVersion":2}"""));

    private HttpClient _http = null!;
    private LoopbackRegistry _registry = null!;
    private ServedBlob _blob = null!;
    private Func<CancellationToken, Task<Stream>> _openLazy = null!;
    private readonly Digest _lazyDigest = Digest.Of("made on demand"u8);

    [SetUp]
    public void Start()
    {
        _blob = ServedBlob.InMemory(BlobBytes);
        var lazy = new ServedBlob(_lazyDigest, 14, token => _openLazy(token));
        _registry = LoopbackRegistry.Start(new ServedImage("lambda/dotnet", Manifest, [], [_blob, lazy]));
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{_registry.Host}/") };
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _registry.Dispose();
    }

    [Test]
    public async Task The_tag_and_the_digest_lead_to_the_same_manifest_bytes()
    {
        using var byTag = await _http.GetAsync($"v2/lambda/dotnet/manifests/{_registry.Image.Tag}");
        using var byDigest = await _http.GetAsync($"v2/lambda/dotnet/manifests/{Manifest.Digest}");

        Assert.That(await byTag.Content.ReadAsByteArrayAsync(), Is.EqualTo(Manifest.Content));
        Assert.That(await byDigest.Content.ReadAsByteArrayAsync(), Is.EqualTo(Manifest.Content));
        Assert.That(byTag.Content.Headers.ContentType!.MediaType, Is.EqualTo(ManifestType));
        Assert.That(byTag.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { Manifest.Digest.ToString() }));
    }

    [Test]
    public async Task A_blob_comes_with_its_length_and_again_as_often_as_it_is_asked_for()
    {
        for (var i = 0; i < 3; i++)
        {
            using var response = await _http.GetAsync($"v2/lambda/dotnet/blobs/{_blob.Digest}");

            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(BlobBytes));
            Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(BlobBytes.Length));
        }
    }

    [Test]
    public async Task HEAD_tells_the_length_without_making_the_blob()
    {
        _openLazy = _ => throw new InvalidOperationException("must not be opened");
        using var request = new HttpRequestMessage(HttpMethod.Head, $"v2/lambda/dotnet/blobs/{_lazyDigest}");

        using var response = await _http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(14));
    }

    [Test]
    public async Task A_blob_that_cannot_be_made_is_told_with_its_code_and_kept()
    {
        var failure = new LayersException(new Diagnostic("LLC9999", "It is broken."));
        _openLazy = _ => Task.FromException<Stream>(failure);

        using var response = await _http.GetAsync($"v2/lambda/dotnet/blobs/{_lazyDigest}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.ReasonPhrase, Does.StartWith("LLC9999"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("It is broken."));
        Assert.That(_registry.Failures, Is.EqualTo(new[] { failure }));
    }

    [Test]
    public void A_blob_that_ends_too_early_is_a_cut_for_the_client_never_a_short_success()
    {
        _openLazy = _ => Task.FromResult<Stream>(new MemoryStream("half"u8.ToArray()));

        Assert.That(async () => await _http.GetByteArrayAsync($"v2/lambda/dotnet/blobs/{_lazyDigest}"),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    [TestCase("PUT")]
    [TestCase("POST")]
    [TestCase("DELETE")]
    [TestCase("PATCH")]
    public async Task Everything_that_could_change_something_is_refused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"v2/lambda/dotnet/blobs/{_blob.Digest}");

        using var response = await _http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
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
        var tags = Enumerable.Range(0, 50).Select(_ => new ServedImage("x", Manifest, [], []).Tag).ToList();

        Assert.That(tags, Is.Unique);
        Assert.That(tags, Has.All.Match("^llc-[0-9a-f]{32}$"));
    }

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
