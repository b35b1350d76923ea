using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

/// <summary>The kit's registry is what the specification and Debian's say: the same requests, the same answers.</summary>
[TestFixture(RegistryKind.Embedded)]
[TestFixture(RegistryKind.Docker)]
public sealed class EmbeddedRegistryTests(RegistryKind kind)
{
    private static readonly byte[] Blob = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
    private static readonly string BlobDigest = SyntheticLayer.Sha256(Blob);

    private ITestRegistry? _registry;
    private HttpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _registry = await TestRegistry.StartAsync(kind);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{_registry.Host}/v2/"),
        };
    }

    [TearDown]
    public async Task Stop()
    {
        if (_registry is null)
            return;
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Test]
    public async Task A_blob_in_one_piece_comes_back_whole_in_part_and_as_a_head()
    {
        var created = await UploadAsync("a/b", Blob, BlobDigest);

        using var whole = await _client.GetAsync(Relative($"a/b/blobs/{BlobDigest}"));
        using var head = await SendAsync(HttpMethod.Head, $"a/b/blobs/{BlobDigest}");
        using var part = await SendAsync(HttpMethod.Get, $"a/b/blobs/{BlobDigest}", r => r.Headers.Range = new RangeHeaderValue(990, null));
        using var beyond = await SendAsync(HttpMethod.Get, $"a/b/blobs/{BlobDigest}", r =>
            r.Headers.Range = new RangeHeaderValue(2000, null));
        using var elsewhere = await _client.GetAsync(Relative($"other/blobs/{BlobDigest}"));

        Assert.That((int)created.StatusCode, Is.EqualTo(201));
        Assert.That(created.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { BlobDigest }));
        Assert.That(await whole.Content.ReadAsByteArrayAsync(), Is.EqualTo(Blob));
        Assert.That((head.StatusCode, head.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.OK, (long?)1000)));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(Blob[990..]));
        Assert.That(part.Content.Headers.ContentRange!.ToString(), Is.EqualTo("bytes 990-999/1000"));
        Assert.That((int)beyond.StatusCode, Is.EqualTo(416));
        await AssertRefusedAsync(elsewhere, 404, "BLOB_UNKNOWN");
    }

    [Test]
    public async Task A_blob_in_chunks_keeps_its_order_and_is_checked_at_the_end()
    {
        var session = await OpenAsync("a");
        using var first = await ChunkAsync(session, Blob[..600], "0-599");
        using var second = await ChunkAsync(Location(first), Blob[600..], "600-999");
        using var wrong = await _client.PutAsync(With(Location(second), SyntheticLayer.Sha256([])), null);
        using var outOfOrder = await ChunkAsync(await OpenAsync("a"), Blob[700..], "700-999");
        var again = await OpenAsync("a");
        using var whole = await ChunkAsync(again, Blob, "0-999");
        using var right = await _client.PutAsync(With(Location(whole), BlobDigest), null);
        using var gone = await _client.PutAsync(With(Location(whole), BlobDigest), null);

        Assert.That((int)first.StatusCode, Is.EqualTo(202));
        Assert.That(first.Headers.GetValues("Range"), Is.EqualTo(new[] { "0-599" }));
        // Debian's version does not look where the first chunk begins.
        Assert.That((int)outOfOrder.StatusCode, Is.EqualTo(kind == RegistryKind.Docker ? 202 : 416));
        await AssertRefusedAsync(wrong, 400, "DIGEST_INVALID");
        Assert.That((int)right.StatusCode, Is.EqualTo(201));
        await AssertRefusedAsync(gone, 404, "BLOB_UPLOAD_UNKNOWN");
    }

    [Test]
    public async Task A_blob_is_mounted_from_where_it_is_and_else_an_upload_begins()
    {
        await UploadAsync("from", Blob, BlobDigest);

        using var mounted = await _client.PostAsync(Relative($"to/blobs/uploads/?mount={BlobDigest}&from=from"), null);
        using var unknown = await _client.PostAsync(Relative($"to/blobs/uploads/?mount={SyntheticLayer.Sha256([1])}&from=from"), null);

        Assert.That((int)mounted.StatusCode, Is.EqualTo(201));
        Assert.That((int)unknown.StatusCode, Is.EqualTo(202));
        Assert.That(await _client.GetByteArrayAsync(Relative($"to/blobs/{BlobDigest}")), Is.EqualTo(Blob));
    }

    [Test]
    public async Task Manifests_need_their_blobs_and_are_found_by_tag_and_digest()
    {
        var image = SyntheticBase.Plain();
        var type = MediaTypes.Manifest(image.Family);
        using var early = await PutManifestAsync("a", "1", type, image.Manifest);
        using var pusher = new RegistryPusher(new Uri($"http://{_registry!.Host}"));
        await pusher.PushAsync("a", "1", image);
        await pusher.PushAsync("a", "2", image);
        using var otherType = await PutManifestAsync("a", "3", MediaTypes.Index(image.Family), image.Manifest);
        using var otherDigest = await PutManifestAsync("a", BlobDigest, type, image.Manifest);

        using var byTag = await GetManifestAsync("a", "1", type);
        using var byDigest = await GetManifestAsync("a", image.Digest, type);
        using var missing = await GetManifestAsync("a", "9", type);
        using var tags = await JsonDocument.ParseAsync(await _client.GetStreamAsync(Relative("a/tags/list")));

        await AssertRefusedAsync(early, 400, "MANIFEST_BLOB_UNKNOWN");
        await AssertRefusedAsync(otherType, 400, "MANIFEST_INVALID");
        await AssertRefusedAsync(otherDigest, 400, "DIGEST_INVALID");
        await AssertRefusedAsync(missing, 404, "MANIFEST_UNKNOWN");
        foreach (var found in new[] { byTag, byDigest })
        {
            Assert.That(await found.Content.ReadAsByteArrayAsync(), Is.EqualTo(image.Manifest.ToArray()));
            Assert.That(found.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
            Assert.That(found.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { image.Digest }));
        }

        Assert.That(tags.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetString()), Is.EquivalentTo(new[] { "1", "2" }));
    }

    [Test]
    public async Task Names_that_are_none_and_other_verbs_are_refused()
    {
        using var name = await _client.GetAsync(Relative("Upper/tags/list"));
        using var repository = await _client.GetAsync(Relative("nothing/tags/list"));

        await AssertRefusedAsync(repository, 404, "NAME_UNKNOWN");
        Assert.That((int)name.StatusCode, Is.EqualTo(kind == RegistryKind.Docker ? 404 : 400));
    }

    [TestCase(ImageFamily.Docker)]
    [TestCase(ImageFamily.Oci)]
    public async Task Skopeo_reads_and_copies_what_the_kit_reads(ImageFamily family)
    {
        using var root = new TempRoot();
        await SyntheticBase.PushPlainAsync(_registry!, "lambda/provided", "al2023", family);
        var reference = $"docker://{_registry!.Host}/lambda/provided:al2023";

        var theirs = await Skopeo.InspectConfigAsync(reference, "--override-arch", "arm64");
        var ours = await StoredImage.ConfigAsync(reference, "arm64");
        var manifest = await StoredImage.ManifestAsync(reference);
        await Skopeo.CopyAsync(reference, $"oci-archive:{root.Path}/image.tar");
        await Skopeo.CopyAsync($"oci-archive:{root.Path}/image.tar", $"docker://{_registry.Host}/copy:1");
        var copied = await StoredImage.OpenAsync($"docker://{_registry.Host}/copy:1");

        Assert.That(ours.GetRawText(), Is.EqualTo(theirs.GetRawText()));
        Assert.That(ours.GetProperty("architecture").GetString(), Is.EqualTo("arm64"));
        Assert.That(manifest.GetProperty("mediaType").GetString(), Is.EqualTo(MediaTypes.Index(family)));
        Assert.That(copied.Layers.Select(l => l.DiffId),
            Is.EqualTo(SyntheticBase.Plain(SyntheticBase.HostArchitecture).Layers.Select(l => l.DiffId)));
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static Uri Location(HttpResponseMessage response) => response.Headers.Location!;

    private static Uri With(Uri session, string digest) =>
        new($"{session}{(session.ToString().Contains('?') ? "&" : "?")}digest={Uri.EscapeDataString(digest)}", UriKind.RelativeOrAbsolute);

    private async Task<Uri> OpenAsync(string repository)
    {
        using var opened = await _client.PostAsync(Relative($"{repository}/blobs/uploads/"), null);
        Assert.That((int)opened.StatusCode, Is.EqualTo(202));
        return Location(opened);
    }

    private async Task<HttpResponseMessage> UploadAsync(string repository, byte[] blob, string digest) =>
        await _client.PutAsync(With(await OpenAsync(repository), digest), new ByteArrayContent(blob));

    private async Task<HttpResponseMessage> ChunkAsync(Uri session, byte[] content, string range)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Headers.TryAddWithoutValidation("Content-Range", range);
        return await _client.PatchAsync(session, body);
    }

    private async Task<HttpResponseMessage> PutManifestAsync(string repository, string reference, string mediaType,
        ReadOnlyMemory<byte> bytes)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await _client.PutAsync(Relative($"{repository}/manifests/{reference}"), content);
    }

    private Task<HttpResponseMessage> GetManifestAsync(string repository, string reference, string mediaType) => SendAsync(
        HttpMethod.Get, $"{repository}/manifests/{reference}", r => r.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType)));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, Relative(path));
        change?.Invoke(request);
        // docker-registry's refusal of a range promises a body that it does not send.
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(status), text);
        using var json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("errors")[0].GetProperty("code").GetString(), Is.EqualTo(code));
    }
}
