using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Http;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Oci.Credentials;
using LambdaLayers.Containers.Core.Oci.Registry;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.Oci.Registry;

/// <summary>The client against Debian's docker-registry: open, behind htpasswd over TLS, and behind tokens.</summary>
public class DockerRegistryTests
{
    private const string User = TokenServer.User;
    private const string Password = "c0rrect-h0rse";
    private readonly TestCertificates _certificates = new();
    private TempRoot _root = null!;
    private string _storage = "";
    private TestImage _base = null!;
    private TestImage _layer = null!;
    private string _htpasswd = "";

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _root = new TempRoot();
        _storage = _root.Folder("storage");
        _base = TestImage.Create(ManifestFamily.Docker, Platform.LinuxAmd64, "base", "more");
        _layer = TestImage.Create(ManifestFamily.Oci, Platform.LinuxAmd64, "layer");
        await using var open = await DockerRegistry.StartAsync(_storage);
        await RegistryPush.PushAsync(open.Host, "team/base", "1", _base);
        await RegistryPush.PushAsync(open.Host, "team/layer", "1", _layer);
        _htpasswd = _root.Write("htpasswd", (await ToolRunner.RunAsync("htpasswd", "-Bbn", User, Password)).StandardOutput);
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
        await using var registry = await DockerRegistry.StartAsync(_storage);
        using var http = new MappedNetwork().With("localhost", registry.Port).CreateHttp();
        var client = new RegistryClient(http, CredentialChain.Anonymous, new RegistryOptions());

        await ReadBothAsync(client, registry.Host);
    }

    [Test]
    public async Task What_skopeo_pushes_is_read()
    {
        await using var registry = await DockerRegistry.StartAsync(_root.Folder("skopeo"));
        await RegistryPush.PushAsync(registry.Host, "a", "1", _base);
        await ToolRunner.RunAsync("skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--format", "oci",
            $"docker://{registry.Host}/a:1", $"docker://{registry.Host}/b:2");
        using var http = new MappedNetwork().With("localhost", registry.Port).CreateHttp();
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
        await using var registry = await StartTokenAsync();
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
        await using var registry = await StartTokenAsync();
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

    private Task<DockerRegistry> StartHtpasswdAsync() => DockerRegistry.StartAsync(_storage, new DockerRegistryOptions
    {
        Tls = DockerRegistryOptions.WritePem(_root, _certificates.Issue("registry.test")),
        HtpasswdFile = _htpasswd,
    });

    private Task<DockerRegistry> StartTokenAsync() => DockerRegistry.StartAsync(_storage, new DockerRegistryOptions
    {
        Tls = DockerRegistryOptions.WritePem(_root, _certificates.Issue("registry.test")),
        Tokens = ("https://auth.test/token", _root.Write("tls/roots.pem", _certificates.Authority.ExportCertificatePem())),
    });

    private HttpTransport Http(DockerRegistry registry, int tokenPort = 1) =>
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
                return new EnvironmentCredentialSource(variables.GetValueOrDefault, x => x == "registry.test", null);
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
