using System.Security.Cryptography.X509Certificates;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.Core.Tests.Support;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

public class SecureConnectionTests
{
    private readonly TestCertificates _trusted = new();
    private readonly TestCertificates _unknown = new();
    private readonly TestImage _image = TestImage.Create(ManifestFamily.Oci, Platform.LinuxAmd64, "x");

    [OneTimeTearDown]
    public void Dispose()
    {
        _trusted.Dispose();
        _unknown.Dispose();
    }

    [Test]
    public async Task A_registry_with_a_trusted_certificate_is_read_over_TLS()
    {
        await using var fake = await StartAsync(_trusted.Issue("registry.test"));

        var manifest = await ResolveAsync(fake, "registry.test/a:1");

        Assert.That(manifest.Digest, Is.EqualTo(_image.Manifest.Digest));
    }

    [Test]
    public async Task An_untrusted_certificate_is_refused_with_the_ways_to_mend_it()
    {
        await using var fake = await StartAsync(_unknown.Issue("registry.test"));

        var failure = (await Assert.ThrowsAsync<LayersException>(() => ResolveAsync(fake, "registry.test/a:1")))!.Diagnostic;

        Assert.That(failure.Code, Is.EqualTo("LLC1001"));
        Assert.That(failure.Message, Does.Contain("SSL_CERT_FILE").And.Contain("DOTNET_CONTAINER_INSECURE_REGISTRIES=registry.test"));
        Assert.That(fake.Requests, Is.Empty);
    }

    [Test]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var fake = await StartAsync(_trusted.Issue("other.test"));

        Assert.That(await Assert.ThrowsAsync<LayersException>(() => ResolveAsync(fake, "registry.test/a:1")),
            Has.Property(nameof(LayersException.Diagnostic)).Property("Code").EqualTo("LLC1001"));
    }

    [Test]
    public async Task Plain_HTTP_is_not_fallen_back_to()
    {
        await using var fake = await StartAsync(null);

        Assert.That(await Assert.ThrowsAsync<LayersException>(() => ResolveAsync(fake, "registry.test/a:1")),
            Has.Property(nameof(LayersException.Diagnostic)).Property("Code").EqualTo("LLC1001"));
        Assert.That(fake.Requests, Is.Empty);
    }

    [TestCase("registry.test")]
    [TestCase("Registry.Test;other.test")]
    [TestCase(" other.test , registry.test ")]
    public async Task A_registry_listed_as_insecure_may_have_any_certificate_or_none(string list)
    {
        await using var untrusted = await StartAsync(_unknown.Issue("registry.test"));
        await using var plain = await StartAsync(null);

        Assert.That((await ResolveAsync(untrusted, "registry.test/a:1", list)).Digest, Is.EqualTo(_image.Manifest.Digest));
        Assert.That((await ResolveAsync(plain, "registry.test/a:1", list)).Digest, Is.EqualTo(_image.Manifest.Digest));
    }

    [Test]
    public async Task Being_listed_covers_the_whole_name_only()
    {
        await using var plain = await StartAsync(null);

        Assert.That(async () => await ResolveAsync(plain, "registry.test/a:1", "registry.test2;gistry.test"),
            Throws.TypeOf<LayersException>());
    }

    [Test]
    public async Task A_registry_on_loopback_may_speak_either()
    {
        await using var secure = await StartAsync(_unknown.Issue("localhost"));
        await using var plain = await StartAsync(null);

        foreach (var fake in new[] { secure, plain })
            Assert.That((await ResolveAsync(fake, fake.Host + "/a:1")).Digest, Is.EqualTo(_image.Manifest.Digest));
    }

    [Test]
    public async Task A_registry_on_loopback_is_never_asked_for_through_a_proxy()
    {
        await using var fake = await StartAsync(null);
        using var http = HttpTransport.Create(new System.Net.WebProxy("http://127.0.0.1:9"), new RecordingLog(), TimeProvider.System);
        var client = new RegistryClient(http, CredentialChain.Anonymous, new RegistryOptions());

        var manifest = await client.ResolveManifestAsync(ImageReference.Parse(fake.Host + "/a:1"), default);

        Assert.That(manifest.Digest, Is.EqualTo(_image.Manifest.Digest));
    }

    [Test]
    public async Task What_began_on_HTTPS_does_not_go_on_over_HTTP()
    {
        await using var plain = await FakeServer.StartAsync(_ => Task.CompletedTask);
        await using var fake = await StartAsync(_trusted.Issue("registry.test"));
        fake.Interfere = context =>
        {
            context.Response.Redirect("http://storage.test/x");
            return Task.FromResult(true);
        };

        var failure = await Assert.ThrowsAsync<LayersException>(() => ResolveAsync(fake, "registry.test/a:1", storage: plain));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1012"));
        Assert.That(plain.Requests, Is.Empty);
    }

    [Test]
    public async Task A_registry_elsewhere_cannot_redirect_into_this_machine()
    {
        await using var local = await FakeServer.StartAsync(_ => Task.CompletedTask, _trusted.Issue("localhost"));
        await using var fake = await StartAsync(_trusted.Issue("registry.test"));
        fake.Interfere = context =>
        {
            context.Response.Redirect($"https://{local.Host}/x");
            return Task.FromResult(true);
        };

        var failure = await Assert.ThrowsAsync<LayersException>(() => ResolveAsync(fake, "registry.test/a:1"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1012"));
        Assert.That(local.Requests, Is.Empty);
    }

    [Test]
    public async Task Storage_behind_an_insecure_registry_must_still_prove_who_it_is()
    {
        await using var storage = await FakeServer.StartAsync(_ => Task.CompletedTask, _unknown.Issue("storage.test"));
        await using var fake = await StartAsync(null);
        fake.Interfere = context =>
        {
            if (context.Request.Path == "/v2/")
                return Task.FromResult(false);
            context.Response.Redirect("https://storage.test/x");
            return Task.FromResult(true);
        };

        var failure = await Assert.ThrowsAsync<LayersException>(
            () => ResolveAsync(fake, "registry.test/a:1", "registry.test", storage));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1001"));
        Assert.That(failure.Message, Does.Contain("'storage.test"));
    }

    private async Task<EmbeddedRegistry> StartAsync(X509Certificate2? certificate)
    {
        var fake = await EmbeddedRegistry.StartAsync(new RegistryGuard { Certificate = certificate });
        _image.AddTo(fake, "a", "1");
        return fake;
    }

    private async Task<FetchedManifest> ResolveAsync(
        EmbeddedRegistry fake, string reference, string insecure = "", FakeServer? storage = null)
    {
        var policy = new HttpPolicy { StallTimeout = TimeSpan.FromMinutes(5), ProbeTimeout = TimeSpan.FromMinutes(5) };
        using var http = new MappedNetwork(_trusted).With("registry.test", fake.Port)
            .With("storage.test", storage?.Port ?? 1)
            .CreateHttp(policy, new ImpatientTime(TimeSpan.FromSeconds(90)));
        var options = new RegistryOptions
        {
            Insecure = InsecureRegistries.From(name => name == InsecureRegistries.Variable ? insecure : null),
        };
        var client = new RegistryClient(http, CredentialChain.Anonymous, options);
        return await client.ResolveManifestAsync(ImageReference.Parse(reference), default);
    }
}
