using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>The client against a whole registry, the kit's and Debian's: open, behind htpasswd over TLS, and behind tokens.</summary>
[TestFixture(RegistryKind.Embedded)]
[TestFixture(RegistryKind.Docker)]
public class RegistryLogInTests(RegistryKind kind)
{
    private const string User = RegistryGuard.User;
    private const string Password = RegistryGuard.Password;
    private readonly TestCertificates _certificates = new();
    private TempRoot _root = null!;
    private TestImage _base = null!;
    private TestImage _layer = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _root = new TempRoot();
        _base = TestImage.Create(ManifestFamily.Docker, Platform.LinuxAmd64, "base", "more");
        _layer = TestImage.Create(ManifestFamily.Oci, Platform.LinuxAmd64, "layer");
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _root.Dispose();
        _certificates.Dispose();
    }

    [Test]
    public async Task An_open_registry_on_loopback_is_read()
    {
        await using var registry = await FilledAsync(null);
        using var http = new MappedNetwork().CreateHttp();
        var client = new RegistryClient(http, CredentialChain.Anonymous, new RegistryOptions());

        await ReadBothAsync(client, registry.Host);
    }

    [Test]
    public async Task What_skopeo_pushes_is_read()
    {
        await using var registry = await FilledAsync(null);
        await Skopeo.CopyAsync($"docker://{registry.Host}/team/base:1", $"docker://{registry.Host}/b:2", "--format", "oci");
        using var http = new MappedNetwork().CreateHttp();
        var client = new RegistryClient(http, CredentialChain.Anonymous, new RegistryOptions());

        var image = await new ImagePuller(client).PullAsync(ImageReference.Parse($"{registry.Host}/b:2"), Platform.LinuxAmd64, default);

        Assert.That(image.Manifest.Family, Is.EqualTo(ManifestFamily.Oci));
        Assert.That(image.Config.DiffIds, Is.EqualTo(_base.Config.DiffIds));
    }

    [TestCase("variables")]
    [TestCase("config")]
    [TestCase("helper")]
    public async Task Behind_htpasswd_over_TLS_base_and_layer_come_with_credentials_from(string source)
    {
        await using var registry = await StartHtpasswdAsync();
        using var http = Http(registry);

        await ReadBothAsync(Client(http, Source(source, Password)), "registry.test");
    }

    [TestCase("variables", "DOTNET_CONTAINER_PULL_REGISTRY_UNAME")]
    [TestCase("config", "config.json")]
    [TestCase("helper", "docker-credential-test")]
    public async Task Behind_htpasswd_a_wrong_password_is_one_error_that_names(string source, string place)
    {
        await using var registry = await StartHtpasswdAsync();
        using var http = Http(registry);

        var failure = await Assert.ThrowsAsync<LayersException>(
            () => ReadBothAsync(Client(http, Source(source, "wr0ng-one")), "registry.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1002"));
        Assert.That(failure.Message, Does.Contain("given the credentials from").And.Contain(place).And.Not.Contain("wr0ng-one"));
    }

    [Test]
    public async Task Behind_htpasswd_missing_credentials_are_one_error_that_says_where_was_looked()
    {
        await using var registry = await StartHtpasswdAsync();
        using var http = Http(registry);
        var nowhere = new DockerConfigSource(_root.File("nowhere", "config.json"), Helper());

        var failure = await Assert.ThrowsAsync<LayersException>(() => ReadBothAsync(Client(http, nowhere), "registry.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1002"));
        Assert.That(failure.Message, Does.Contain("nowhere/config.json"));
    }

    [TestCase("variables")]
    [TestCase("config")]
    [TestCase("helper")]
    [TestCase("identity")]
    public async Task Behind_a_token_service_base_and_layer_come_with_credentials_from(string source)
    {
        await using var tokens = await TokenServer.StartAsync(_certificates.Authority, Password, _certificates.Issue("auth.test"));
        await using var registry = await StartTokenAsync(tokens);
        using var http = Http(registry, tokens.Server.Port);

        await ReadBothAsync(Client(http, Source(source, Password)), "registry.test");

        Assert.That(tokens.Server.Requests, Has.Count.EqualTo(2), "one token for each repository");
    }

    [TestCase("variables", "DOTNET_CONTAINER_PULL_REGISTRY_UNAME")]
    [TestCase("config", "config.json")]
    [TestCase("helper", "docker-credential-test")]
    public async Task Behind_a_token_service_a_wrong_password_is_one_error_that_names(string source, string place)
    {
        await using var tokens = await TokenServer.StartAsync(_certificates.Authority, Password, _certificates.Issue("auth.test"));
        await using var registry = await StartTokenAsync(tokens);
        using var http = Http(registry, tokens.Server.Port);

        var failure = await Assert.ThrowsAsync<LayersException>(
            () => ReadBothAsync(Client(http, Source(source, "wr0ng-one")), "registry.test"));

        Assert.That(failure!.Diagnostic.Code, Is.EqualTo("LLC1002"));
        Assert.That(failure.Message, Does.Contain(place).And.Not.Contain("wr0ng-one"));
        Assert.That(tokens.Server.Requests, Has.Count.EqualTo(1));
    }

    private async Task ReadBothAsync(RegistryClient client, string host)
    {
        foreach (var (name, expected) in new[] { ("team/base", _base), ("team/layer", _layer) })
        {
            var image = await new ImagePuller(client).PullAsync(ImageReference.Parse($"{host}/{name}:1"), Platform.LinuxAmd64, default);
            Assert.That(image.Manifest.Bytes.ToArray(), Is.EqualTo(expected.Manifest.Bytes.ToArray()));
            for (var i = 0; i < expected.Layers.Count; i++)
            {
                await using var stream = await image.Layers[i].OpenCompressedAsync(default);
                using var copy = new MemoryStream();
                await stream.CopyToAsync(copy);
                Assert.That(copy.ToArray(), Is.EqualTo(expected.Layers[i]));
            }
        }
    }

    private Task<ITestRegistry> StartHtpasswdAsync() =>
        FilledAsync(new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Htpasswd = true });

    private async Task<ITestRegistry> StartTokenAsync(TokenServer tokens)
    {
        tokens.Realm = "https://auth.test/token";
        return await FilledAsync(new RegistryGuard { Certificate = _certificates.Issue("registry.test"), Tokens = tokens });
    }

    private async Task<ITestRegistry> FilledAsync(RegistryGuard? guard)
    {
        var registry = await TestRegistry.StartAsync(kind, guard);
        using var pusher = new RegistryPusher(registry.Uncounted);
        await pusher.PushAsync("team/base", "1", _base.Source);
        await pusher.PushAsync("team/layer", "1", _layer.Source);
        return registry;
    }

    private HttpTransport Http(ITestRegistry registry, int tokenPort = 1) =>
        new MappedNetwork(_certificates).With("registry.test", registry.Port).With("auth.test", tokenPort).CreateHttp();

    private static RegistryClient Client(HttpTransport http, ICredentialSource source) =>
        new(http, new CredentialChain([source]), new RegistryOptions());

    private ICredentialSource Source(string kind, string password)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}"));
        switch (kind)
        {
            case "variables":
                var variables = new Dictionary<string, string?>
                {
                    [EnvironmentCredentialSource.PullUser] = User,
                    [EnvironmentCredentialSource.PullPassword] = password,
                };
                return new EnvironmentCredentialSource(
                    variables.GetValueOrDefault, new RegistryUse { BaseRegistry = "registry.test" });
            case "helper":
                ShellScript.Write(_root, "bin/docker-credential-test",
                    $$"""
                    read host
                    [ "$host" = registry.test ] && echo '{"Username":"{{User}}","Secret":"{{password}}"}'
                    """);
                return Config("helper", """{"credHelpers":{"registry.test":"test"}}""");
            case "identity":
                return Config("identity", $$"""{"auths":{"registry.test":{"identitytoken":"{{TokenServer.IdentityToken}}"} } }""");
            default:
                return Config("auths", $$"""{"auths":{"registry.test":{"auth":"{{auth}}"} } }""");
        }
    }

    private DockerConfigSource Config(string folder, string text) => new(_root.Write(folder + "/config.json", text), Helper());

    private CredentialHelper Helper() => new(
        x => x == "PATH" ? _root.Folder("bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH") : null,
        TimeSpan.FromSeconds(30), TimeProvider.System);
}
