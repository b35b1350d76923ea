using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Loopback;
using LambdaLayers.Containers.Core.Oci.Push;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.Core.Tests.Oci.Registry;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Push;

/// <summary>Pushing: open with faults in between, behind htpasswd, and behind tokens; the log-ins to docker-registry too.</summary>
[TestFixture(RegistryKind.Embedded)]
[TestFixture(RegistryKind.Docker)]
public sealed class ImagePusherTests(RegistryKind kind)
{
    private static readonly HttpPolicy Hasty = new() { FirstDelay = TimeSpan.FromMilliseconds(1) };
    private readonly TestCertificates _certificates = new();

    [OneTimeTearDown]
    public void Remove() => _certificates.Dispose();

    [Test]
    public async Task An_image_arrives_whole_and_goes_up_once()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var http = Plain();
        var image = Image("one", "two");
        var target = ImageReference.Parse($"{registry.Host}/team/layer:1");

        await Pusher(http).PushAsync(image, [target], default);
        var first = registry.UploadedBlobs("team/layer");
        registry.Clear();
        await Pusher(http).PushAsync(image, [target, ImageReference.Parse($"{registry.Host}/team/layer:latest")], default);

        Assert.That(first, Is.EqualTo(3));
        Assert.That(registry.UploadedBlobs("team/layer"), Is.Zero);
        var image1 = await StoredImage.OpenAsync($"docker://{registry.Uncounted.Authority}/team/layer:1");
        Assert.That(image1.Layers.Select(l => l.Digest), Is.EqualTo(image.Blobs.Skip(1).Select(b => b.Digest.ToString())));
        Assert.That(registry.Storage.Tags("team/layer"), Is.EqualTo(new[] { "1", "latest" }));
    }

    [Test]
    public async Task An_upload_that_breaks_off_begins_again_with_a_session_of_its_own()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var http = Plain();
        registry.Faults.Enqueue(new RegistryFault { When = r => r is { Method: "PUT", IsBlobUpload: true }, Status = 503 });

        await Pusher(http).PushAsync(Image("one"), [ImageReference.Parse($"{registry.Host}/a:1")], default);

        var puts = registry.Requests.Where(r => r is { Method: "PUT", IsBlobUpload: true }).Select(r => r.Path).ToList();
        Assert.That(puts, Has.Count.EqualTo(3), "config, layer, and one of them again");
        Assert.That(puts.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Behind_htpasswd_over_TLS_it_logs_in()
    {
        await using var registry = await TestRegistry.StartAsync(
            kind, new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Htpasswd = true });
        using var http = Http(registry);
        var target = ImageReference.Parse("registry.test/team/layer:1");

        var refused = await Assert.ThrowsAsync<LayersException>(() => Pusher(http).PushAsync(Image("one"), [target], default));
        await Pusher(http, Login).PushAsync(Image("one"), [target], default);

        Assert.That(refused!.Diagnostic.Code, Is.EqualTo("LLC1002"));
    }

    [Test]
    public async Task Behind_a_token_service_it_asks_for_the_right_to_push()
    {
        await using var tokens = await TokenServer.StartAsync(_certificates.Authority, certificate: _certificates.Issue("auth.test"));
        tokens.Realm = "https://auth.test/token";
        await using var registry = await TestRegistry.StartAsync(
            kind, new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Tokens = tokens });
        using var http = Http(registry, tokens.Server.Port);

        await Pusher(http, Login).PushAsync(Image("one"), [ImageReference.Parse("registry.test/team/layer:1")], default);

        Assert.That(Uri.UnescapeDataString(tokens.Server.Requests[0].Target), Does.Contain("repository:team/layer:pull,push"));
    }

    [Test]
    public async Task Variables_for_pushing_are_meant_for_the_destination_only()
    {
        var variables = new PushVariables(
            name => name == PushVariables.User ? "me" : name == PushVariables.Password ? "s3cret" : null, "registry.test");

        Assert.That((await variables.GetAsync("registry.test", default))!.Username, Is.EqualTo("me"));
        Assert.That(await variables.GetAsync("elsewhere.test", default), Is.Null);
    }

    private static FixedCredential Login => FixedCredential.Password("registry.test", RegistryGuard.Password);

    private HttpTransport Http(ITestRegistry registry, int tokenPort = 1) =>
        new MappedNetwork(_certificates).With("registry.test", registry.Port).With("auth.test", tokenPort).CreateHttp(Hasty);

    private static HttpTransport Plain() => new(
        HttpTransport.NewHandler(null), HttpTransport.NewHandler(null), Hasty, TimeProvider.System, new RecordingLog());

    private static ImagePusher Pusher(HttpTransport http, ICredentialSource? source = null) =>
        new(http, source is null ? CredentialChain.Anonymous : new CredentialChain([source]), new RegistryOptions());

    private static ServedImage Image(params string[] contents)
    {
        var test = TestImage.Create(ManifestFamily.Oci, Platform.LinuxAmd64, contents);
        return new ServedImage("x", new ServedManifest(test.Manifest.MediaType, test.Manifest.Bytes.ToArray()), [],
            [.. test.Blobs.Select(b => ServedBlob.InMemory(b))]);
    }
}
