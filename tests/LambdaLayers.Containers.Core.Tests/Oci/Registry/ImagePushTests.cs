using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;
using SeenRegistryRequest = LambdaLayers.Containers.TestKit.Registries.RegistryRequest;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>Pushing: with faults and quirks, behind htpasswd, and behind tokens; the log-ins to docker-registry too.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImagePushTests : IDisposable
{
    private static readonly HttpPolicy Hasty = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };
    private readonly TestCertificates _certificates = new();
    private readonly RecordingLog _log = new();
    private readonly HttpTransport _plain;

    public ImagePushTests() => _plain = new HttpTransport(
        HttpTransport.NewHandler(null), HttpTransport.NewHandler(null), Hasty, TimeProvider.System, _log);

    public void Dispose()
    {
        _plain.Dispose();
        _certificates.Dispose();
    }

    [Test]
    public async Task An_image_arrives_whole_and_pushing_it_again_is_one_request_and_no_write()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Image("one", "two");

        var first = await PushAsync(registry, image, "1");
        var uploads = registry.UploadedBlobs("team/app");
        registry.Clear();
        var second = await PushAsync(registry, image, "1");

        Assert.That((uploads, first.Blobs, second.Blobs), Is.EqualTo((3, 3, 0)));
        Assert.That(first.Digest, Is.EqualTo(image.Digest));
        Assert.That(registry.Requests.Select(r => r.Method), Is.EqualTo(new[] { "GET" }), "the scheme is not asked for apart");
        Assert.That(await ReadBackAsync(registry), Is.True);
    }

    [Test]
    public async Task Further_tags_of_what_is_there_are_only_named()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Image("one");
        await PushAsync(registry, image, "1");
        registry.Clear();

        await PushAsync(registry, image, "1", "latest");

        Assert.That(Work(registry).Where(r => r.Method != "GET").Select(r => (r.Method, r.Path)),
            Is.EqualTo(new[] { ("PUT", "/v2/team/app/manifests/latest") }));
        Assert.That(registry.Storage.Tags("team/app"), Is.EquivalentTo(new[] { "1", "latest" }));
    }

    [Test]
    public async Task A_changed_application_takes_four_round_trips_and_sends_what_changed()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await PushAsync(registry, Image("base", "app 1"), "1");
        registry.Clear();
        // So that requests that go side by side are seen to.
        registry.Latency = TimeSpan.FromMilliseconds(150);

        var result = await PushAsync(registry, Image("base", "app 2"), "1");

        Assert.That(result.Blobs, Is.EqualTo(2), "layer and config");
        // Both blobs go side by side: asking, beginning, sending, naming.
        Assert.That(Work(registry).Select(r => r.Method), Is.EquivalentTo(new[] { "GET", "POST", "POST", "PUT", "PUT", "PUT" }));
        Assert.That(SeenRegistryRequest.LongestChain(registry.Requests), Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task A_blob_of_another_repository_of_the_registry_is_mounted()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Image("shared");
        await Push().RunAsync([image], null, [ImageReference.Parse($"{registry.Host}/team/base:1")], default);
        registry.Clear();
        var from = ImageReference.Parse($"{registry.Host}/team/base:1");

        await PushAsync(registry, Image(from, "shared"), "1");

        Assert.That(registry.Requests.Count(r => r.IsMount), Is.EqualTo(1));
        Assert.That(registry.UploadedBlobs("team/app"), Is.EqualTo(1), "the config");
    }

    [Test]
    public async Task An_index_comes_after_its_images_and_those_by_digest()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        Image[] images = [Image("amd"), Image(null, Platform.LinuxArm64, "arm")];
        var index = ImageIndex.Of(ManifestFamily.Oci, images.Select(i => i.Descriptor));

        var result = await Push().RunAsync(images, index, [ImageReference.Parse($"{registry.Host}/team/app:1")], default);

        Assert.That(result.Digest, Is.EqualTo(index.Digest));
        Assert.That(registry.Requests.Where(r => r.Method == "PUT" && r.Path.Contains("/manifests/")).Select(r => r.Path.Split('/')[^1]),
            Is.EqualTo(new[] { images[0].Digest.ToString(), images[1].Digest.ToString(), "1" }));
    }

    [Test]
    public async Task An_upload_that_breaks_off_begins_again_with_a_session_of_its_own()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Enqueue(new RegistryFault { When = r => r is { Method: "PUT", IsBlobUpload: true }, CutAfter = 10 });

        await PushAsync(registry, Image("one"), "1");

        var sessions = registry.Requests.Where(r => r is { Method: "PUT", IsBlobUpload: true }).Select(r => r.Path);
        Assert.That(sessions.Distinct().Count(), Is.EqualTo(3), "config, layer, and one of them again");
        Assert.That(_log.All, Has.Some.Contains("Trying again"));
    }

    [TestCase(202)]
    [TestCase(201)]
    public async Task A_registry_that_refuses_a_whole_PUT_gets_the_content_by_PATCH(int patchStatus)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Interfere = context =>
        {
            if (!IsUpload(context) || context.Request.Method != "PUT" || context.Request.ContentLength is 0)
                return Task.FromResult(false);
            context.Response.StatusCode = 405;
            return Task.FromResult(true);
        };
        registry.ChunkStatus = patchStatus;

        await PushAsync(registry, Image("one"), "1");

        Assert.That(registry.Requests.Count(r => r.Method == "PATCH"), Is.EqualTo(2));
        Assert.That(await ReadBackAsync(registry), Is.True);
    }

    [TestCase("400", "The image tag '1' already exists and cannot be overwritten because the tag is immutable.")]
    [TestCase("412", "Failed to process request due to 'team/app:1' configured as immutable.")]
    [TestCase("403", "tag is immutable")]
    public async Task An_immutable_tag_takes_the_same_image_again_and_refuses_another(string status, string words)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Image("one");
        await PushAsync(registry, image, "1");
        registry.Interfere = async context =>
        {
            if (context.Request.Method != "PUT" || !context.Request.Path.Value!.EndsWith("/manifests/1", StringComparison.Ordinal))
                return false;
            await EmbeddedRegistry.ErrorAsync(context, int.Parse(status, null), "TAG_INVALID", words);
            return true;
        };

        await PushAsync(registry, image, "1");
        var failure = await Failure.OfAsync(() => PushAsync(registry, Image("two"), "1"));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC1022"));
        Assert.That(failure.Message, Does.Contain("/team/app:1").And.Contain("new tag"));
    }

    [TestCase("file:///etc/passwd")]
    [TestCase("ftp://elsewhere.test/x")]
    [TestCase("https://user@elsewhere.test/x")]
    [TestCase("http://elsewhere.test/x")]
    [TestCase("https://127.0.0.1/x")]
    [TestCase("https://localhost./x")]
    [TestCase("https://169.254.169.254/x")]
    [TestCase("https://metadata.google.internal/x")]
    public async Task An_upload_is_not_sent_where_a_registry_must_not_point(string location)
    {
        await using var fake = await EmbeddedRegistry.StartAsync(
            new RegistryGuard { Certificate = _certificates.Issue("registry.test") });
        fake.Interfere = context => Begin(context, location);
        using var http = new MappedNetwork(_certificates).With("registry.test", fake.Port).CreateHttp(Hasty);

        var failure = await Failure.OfAsync(() => Push(http).RunAsync(
            [Image("one")], null, [ImageReference.Parse("registry.test/team/app:1")], default));

        Assert.That(failure.Diagnostic.Code, Is.EqualTo("LLC1012"));
        Assert.That(fake.Requests.Select(r => r.Method), Has.None.EqualTo("PUT"));
    }

    [Test]
    public async Task Storage_on_another_host_gets_the_content_and_no_credentials()
    {
        await using var storage = await FakeServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = 201;
                return Task.CompletedTask;
            },
            _certificates.Issue("storage.test"));
        await using var fake = await EmbeddedRegistry.StartAsync(
            new RegistryGuard { Certificate = _certificates.Issue("registry.test") });
        (fake.Challenge, fake.Accepted) = ("Basic realm=\"x\"", Login.Header);
        fake.Interfere = context => context.Request.Headers.Authorization.Count == 0
            ? Task.FromResult(false)
            : context.Request.Method == "PUT" ? Created(context) : Begin(context, "https://storage.test/session?sig=abc");
        using var http = new MappedNetwork(_certificates).With("registry.test", fake.Port)
            .With("storage.test", storage.Port).CreateHttp(Hasty);

        await Push(http, Login.Source).RunAsync(
            [Image("one")], null, [ImageReference.Parse("registry.test/team/app:1")], default);

        Assert.That(storage.Requests, Has.Count.EqualTo(2));
        Assert.That(storage.Requests.Select(r => r.Authorization), Is.All.Null);
        Assert.That(storage.Requests.Select(r => r.Target), Is.All.StartsWith("/session?sig=abc&digest=sha256%3A"));
    }

    [TestCase(RegistryKind.Embedded)]
    [TestCase(RegistryKind.Docker)]
    public async Task Behind_htpasswd_over_TLS_it_logs_in_and_says_what_is_denied(RegistryKind kind)
    {
        await using var registry = await TestRegistry.StartAsync(
            kind, new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Htpasswd = true });
        using var http = Http(registry);
        var (image, target) = (Image("one"), ImageReference.Parse("registry.test/team/app:1"));

        var refused = await Failure.OfAsync(() => Push(http).RunAsync([image], null, [target], default));
        var first = await Push(http, Reader).RunAsync([image], null, [target], default);
        var second = await Push(http, Reader).RunAsync([image], null, [target], default);

        Assert.That(refused.Diagnostic.Code, Is.EqualTo("LLC1020"));
        Assert.That(refused.Message, Does.Contain("push to 'registry.test/team/app'").And.Contain("DOTNET_CONTAINER_PUSH_REGISTRY_UNAME"));
        Assert.That((first.Blobs, second.Blobs), Is.EqualTo((2, 0)));
    }

    [TestCase(RegistryKind.Embedded)]
    [TestCase(RegistryKind.Docker)]
    public async Task Behind_a_token_service_it_asks_for_the_right_to_push(RegistryKind kind)
    {
        await using var tokens = await TokenServer.StartAsync(_certificates.Authority, certificate: _certificates.Issue("auth.test"));
        tokens.Realm = "https://auth.test/token";
        await using var registry = await TestRegistry.StartAsync(
            kind, new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Tokens = tokens });
        using var http = Http(registry, tokens.Server.Port);

        await Push(http, Reader).RunAsync(
            [Image("one")], null, [ImageReference.Parse("registry.test/team/app:1")], default);

        Assert.That(Uri.UnescapeDataString(tokens.Server.Requests[0].Target), Does.Contain("repository:team/app:pull,push"));
    }

    private static FixedCredential Reader => FixedCredential.Password("registry.test", RegistryGuard.Password);

    private async Task<bool> ReadBackAsync(EmbeddedRegistry registry)
    {
        var client = new RegistryClient(_plain, CredentialChain.Anonymous, new RegistryOptions());
        var image = await new ImagePuller(client).PullAsync(
            ImageReference.Parse($"{registry.Host}/team/app:1"), Platform.LinuxAmd64, default);
        foreach (var layer in image.Layers)
        {
            await using var blob = await layer.OpenCompressedAsync(default);
            await blob.CopyToAsync(Stream.Null);
        }

        return image.Layers.Count > 0;
    }

    private static IReadOnlyList<SeenRegistryRequest> Work(EmbeddedRegistry registry) =>
        [.. registry.Requests.Where(r => r.Path != "/v2/")];

    private static bool IsUpload(HttpContext context) =>
        context.Request.Path.Value!.Contains("/blobs/uploads/", StringComparison.Ordinal);

    private static Task<bool> Begin(HttpContext context, string location)
    {
        if (context.Request.Method != "POST")
            return Task.FromResult(false);
        context.Response.StatusCode = 202;
        context.Response.Headers.Location = location;
        return Task.FromResult(true);
    }

    private static Task<bool> Created(HttpContext context)
    {
        context.Response.StatusCode = 201;
        return Task.FromResult(true);
    }

    private static (FixedCredential Source, string Header) Login =>
        (FixedCredential.Password("registry.test"),
            "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("reader:p4ss-w0rd")));

    private Task<PushResult> PushAsync(EmbeddedRegistry registry, Image image, params string[] tags) =>
        Push().RunAsync([image], null, [.. tags.Select(t => ImageReference.Parse($"{registry.Host}/team/app:{t}"))], default);

    private HttpTransport Http(ITestRegistry registry, int tokenPort = 1) =>
        new MappedNetwork(_certificates).With("registry.test", registry.Port).With("auth.test", tokenPort).CreateHttp(Hasty);

    private ImagePush Push(HttpTransport? http = null, ICredentialSource? source = null) => new(
        http ?? _plain, source is null ? CredentialChain.Anonymous : new CredentialChain([source]), new RegistryOptions(), _log);

    private static Image Image(params string[] contents) => Image(null, Platform.LinuxAmd64, contents);

    private static Image Image(ImageReference from, params string[] contents) => Image(from, Platform.LinuxAmd64, contents);

    private static Image Image(ImageReference? from, Platform platform, params string[] contents) =>
        TestImage.Create(ManifestFamily.Oci, platform, contents).ToImage(from);
}
