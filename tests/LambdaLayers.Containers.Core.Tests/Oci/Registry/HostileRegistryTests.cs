using System.Text;
using LambdaLayers.Containers.Core.Content;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;
using Microsoft.AspNetCore.Http;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>What a registry may try: each ends in one clear error, within limits, and no credential goes astray.</summary>
public class HostileRegistryTests : RegistryFixture
{
    private static readonly string Basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:p4ss-w0rd"));
    private FakeServer _other = null!;

    [SetUp]
    public async Task StartOtherAsync() => _other = await FakeServer.StartAsync(context => context.Response.WriteAsync("""{"token":"x"}"""));

    [TearDown]
    public async Task StopOtherAsync() => await _other.DisposeAsync();

    [Test]
    public async Task Another_manifest_than_the_pinned_one_is_refused()
    {
        var pinned = Reference.WithDigest(Digest.Of("something else"u8));
        Fake.Interfere = context => SendAsync(context, Image.Manifest.MediaType, Image.Manifest.Bytes.ToArray());

        var failure = await FailureAsync(() => Client().ResolveManifestAsync(pinned, default));

        Assert.That(failure.Code, Is.EqualTo("LLC1008"));
        Assert.That(failure.Message, Does.Contain(pinned.Digest!.ToString()).And.Contain(Image.Manifest.Digest.ToString()));
    }

    [Test]
    public async Task A_digest_header_that_lies_is_refused()
    {
        Fake.Interfere = context =>
        {
            context.Response.Headers["Docker-Content-Digest"] = Digest.Of("x"u8).ToString();
            return SendAsync(context, Image.Manifest.MediaType, Image.Manifest.Bytes.ToArray());
        };

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1008"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_manifest_without_end_is_cut_off(bool announced)
    {
        Fake.Interfere = async context =>
        {
            context.Response.ContentType = MediaTypes.OciManifest;
            if (announced)
                context.Response.ContentLength = 1L << 40;
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[64 << 10]);
            return true;
        };

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1013"));
    }

    [Test]
    public async Task A_bomb_of_nested_brackets_is_refused()
    {
        var bomb = Encoding.ASCII.GetBytes("{\"layers\":" + new string('[', 1 << 20) + new string(']', 1 << 20) + "}");
        Fake.Interfere = context => SendAsync(context, MediaTypes.OciManifest, bomb);

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1016"));
    }

    [Test]
    public async Task Too_many_layers_and_too_many_entries_are_refused()
    {
        var entry = $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{Digest.Of("x"u8)}}","size":1}""";
        var many = string.Join(',', Enumerable.Repeat(entry, 5000));
        Fake.AddManifest("team/base", "layers", MediaTypes.OciManifest, Encoding.UTF8.GetBytes($$"""{"config":{{entry}},"layers":[{{many}}]}"""));
        Fake.AddManifest("team/base", "index", MediaTypes.OciIndex, Encoding.UTF8.GetBytes($$"""{"manifests":[{{many}}]}"""));
        var puller = new ImagePuller(Client());

        foreach (var tag in new[] { "layers", "index" })
        {
            var failure = await FailureAsync(() =>
                puller.PullAsync(ImageReference.Parse($"{Fake.Host}/team/base:{tag}"), Platform.LinuxAmd64, default));
            Assert.That((failure.Code, failure.Message.Contains("it has 5000", StringComparison.Ordinal)), Is.EqualTo(("LLC1016", true)));
        }
    }

    [Test]
    public async Task An_index_in_an_index_is_not_followed()
    {
        var inner = ImageIndex.Of(ManifestFamily.Oci, []);
        var outer = ImageIndex.Of(ManifestFamily.Oci,
            [new Descriptor(MediaTypes.OciIndex, inner.Digest, inner.Bytes.Length) { Platform = Platform.LinuxAmd64 }]);
        Fake.AddManifest("team/base", "1", outer.MediaType, outer.Bytes.ToArray());

        var failure = await FailureAsync(() => PullAsync());

        Assert.That((failure.Code, failure.Message.Contains("another index", StringComparison.Ordinal)), Is.EqualTo(("LLC1016", true)));
        Assert.That(Fake.Requests.Count(x => x.Target.Contains("/manifests/")), Is.EqualTo(1));
    }

    [Test]
    public async Task A_loop_of_redirects_ends()
    {
        Fake.Interfere = context =>
        {
            context.Response.Redirect(context.Request.Path + "x");
            return Task.FromResult(true);
        };

        Assert.That((await FailureAsync(() => PullAsync())).Code, Is.EqualTo("LLC1011"));
        Assert.That(Fake.Requests, Has.Count.LessThan(10));
    }

    [Test]
    public async Task A_redirect_elsewhere_carries_no_credentials()
    {
        (Fake.Challenge, Fake.Accepted) = ("Basic realm=\"x\"", Basic);
        await using var storage = await FakeServer.StartAsync(async context => await context.Response.Body.WriteAsync(Image.Layers[0]));
        var image = await PullAsync(FixedCredential.Password(Fake.Host));
        Fake.Interfere = context =>
        {
            context.Response.Redirect($"http://{storage.Host}/signed?sig=abc");
            return Task.FromResult(true);
        };

        var bytes = await ReadAllAsync(await image.Layers[0].OpenCompressedAsync(default));

        Assert.That(bytes, Is.EqualTo(Image.Layers[0]));
        Assert.That(storage.Requests.Single().Target, Is.EqualTo("/signed?sig=abc"));
        Assert.That(storage.Authorized, Is.Empty);
        Assert.That(Fake.Requests[^1].Authorization, Is.EqualTo(Basic));
    }

    [Test]
    public async Task A_host_behind_a_redirect_cannot_ask_for_a_log_in()
    {
        await using var storage = await FakeServer.StartAsync(context =>
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{_other.Host}/steal\"";
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        Fake.Interfere = context =>
        {
            context.Response.Redirect($"http://{storage.Host}/x");
            return Task.FromResult(true);
        };
        var source = FixedCredential.Password(Fake.Host);

        Assert.That((await FailureAsync(() => PullAsync(source))).Code, Is.EqualTo("LLC1002"));
        Assert.That((source.Asked, _other.Requests.Count, storage.Authorized.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Foreign_urls_of_a_layer_are_not_followed()
    {
        var digest = Digest.Of(Image.Layers[0]);
        var text = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.DockerManifest}}",
             "config":{"mediaType":"{{MediaTypes.DockerConfig}}","digest":"{{Image.Config.Digest}}","size":{{Image.Config.Bytes.Length}},"urls":["http://{{_other.Host}}/config"]},
             "layers":[{"mediaType":"{{MediaTypes.DockerForeignLayerGzip}}","digest":"{{Digest.Of("gone"u8)}}","size":4,"urls":["http://{{_other.Host}}/layer"]},
                       {"mediaType":"{{MediaTypes.DockerLayerGzip}}","digest":"{{digest}}","size":{{Image.Layers[0].Length}} } ] }
            """;
        Fake.AddManifest("team/base", "1", MediaTypes.DockerManifest, Encoding.UTF8.GetBytes(text));

        var image = await PullAsync();
        var failure = await FailureAsync(() => image.Layers[0].OpenCompressedAsync(default));

        Assert.That(failure.Code, Is.EqualTo("LLC1006"));
        Assert.That(_other.Requests, Is.Empty);
    }

    [Test]
    public async Task A_registry_that_names_the_token_service_of_another_gets_only_its_own_credentials_used()
    {
        // The hostile registry points at the other's token service and scope, hoping for a token it could use there.
        Fake.Challenge = $"Bearer realm=\"http://{_other.Host}/token\",service=\"victim.test\",scope=\"repository:victim/private:pull\"";
        var source = FixedCredential.Password("victim.test");

        Assert.That((await FailureAsync(() => PullAsync(source))).Code, Is.EqualTo("LLC1002"));
        Assert.That(_other.Authorized, Is.Empty);
        Assert.That(Fake.Authorized.Select(x => x.Authorization), Is.All.EqualTo("Bearer x"));
    }

    [Test]
    public async Task A_refusal_that_echoes_the_password_does_not_bring_it_into_the_log()
    {
        SecretWatch.Allow("p4ss-w0rd", Fake.IsFront);
        Fake.Interfere = async context =>
        {
            if (context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
                context.Response.StatusCode = 401;
                return true;
            }

            var sent = context.Request.Headers.Authorization.ToString();
            await EmbeddedRegistry.ErrorAsync(context, 403, "DENIED",
                $"you sent {sent} which is p4ss-w0rd\\r\\nforged line, see https://x.test/a?sig=s3cret");
            return true;
        };

        var failure = await FailureAsync(() => PullAsync(FixedCredential.Password(Fake.Host)));

        Assert.That(failure.Code, Is.EqualTo("LLC1003"));
        Assert.That(failure.Message, Does.Contain("you sent").And.Not.Contain("p4ss-w0rd").And.Not.Contain(Basic[6..])
            .And.Not.Contain("s3cret").And.Not.Contain("\n"));
    }

    [TestCase("""{"mediaType":"x\nerror LLC9999: forged"}""")]
    [TestCase("""{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1,"platform":{"os":"linux\nerror LLC9999: forged","architecture":"x"}}]}""")]
    public async Task Names_in_documents_cannot_forge_lines_of_the_log(string text)
    {
        Fake.AddManifest("team/base", "1", "application/json", Encoding.UTF8.GetBytes(text));

        var failure = await FailureAsync(() => PullAsync());

        Assert.That(failure.Code, Is.EqualTo("LLC1016"));
        Assert.That(failure.Message, Does.Not.Contain("\n").And.Not.Contain("forged"));
    }

    [TestCase("https://evil.test", "http://auth.test/token", false)]
    [TestCase("https://evil.test", "https://auth.test/token", true)]
    [TestCase("https://evil.test", "https://127.0.0.1/token", false)]
    [TestCase("https://evil.test", "https://localhost/token", false)]
    [TestCase("https://evil.test", "https://[::1]/token", false)]
    [TestCase("https://evil.test", "https://[::ffff:127.0.0.1]/token", false)]
    [TestCase("https://evil.test", "https://169.254.169.254/latest", false)]
    [TestCase("https://evil.test", "https://user@auth.test/token", false)]
    [TestCase("https://evil.test", "ftp://auth.test/token", false)]
    [TestCase("https://evil.test", "/token", false)]
    [TestCase("http://localhost:5000", "http://127.0.0.1:5001/token", true)]
    [TestCase("http://localhost:5000", "https://auth.test/token", true)]
    [TestCase("http://localhost:5000", "http://auth.test/token", false)]
    [TestCase("http://insecure.test", "http://insecure.test:81/token", true)]
    [TestCase("http://insecure.test", "http://other.test/token", false)]
    public void A_realm_is_only_trusted_with_credentials_when_nobody_can_have_slipped_it_in(string registry, string realm, bool trusted)
    {
        var endpoint = new RegistryEndpoint("name", new HttpOrigin(new Uri(registry), Verified: false));

        if (trusted)
            Assert.That(TokenRealm.Check(endpoint, realm).Host, Is.Not.Empty);
        else
            Assert.That(() => TokenRealm.Check(endpoint, realm),
                Throws.TypeOf<Core.Diagnostics.LayersException>().With.Message.Contains("log in at"));
    }

    private static async Task<bool> SendAsync(HttpContext context, string mediaType, byte[] bytes)
    {
        context.Response.ContentType = mediaType;
        await context.Response.Body.WriteAsync(bytes);
        return true;
    }
}
