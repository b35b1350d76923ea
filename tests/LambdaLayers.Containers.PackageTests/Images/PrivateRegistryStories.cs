using System.Text;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Images;

/// <summary>
/// A base image and a layer image in a private registry with a certificate of the company's own authority: published without
/// a <c>docker login</c> by this machine's docker, with credentials from each of the places that people have them in.
/// </summary>
public sealed class PrivateRegistryStories
{
    private const string User = RegistryGuard.User;
    private const string Password = RegistryGuard.Password;

    private readonly TestCertificates _certificates = new();
    private TempRoot _root = null!;
    private DotnetSandbox _sandbox = null!;
    private SyntheticLayer _layer = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        _root = new TempRoot();
        // Follows the rules for layer blobs, so that it is also seen that it is not packed again.
        _layer = SyntheticLayer.FromTar(new TarBuilder()
            .Folder("opt/").Folder("opt/extensions/").File("opt/extensions/agent", "#!/bin/sh\n", 0x1ED).ToArray());
        _sandbox = await DotnetSandbox.CreateAsync();
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _sandbox?.Dispose();
        _root?.Dispose();
        _certificates.Dispose();
    }

    // All pairs are tests of the engine; here each guard and each place is met once.
    [TestCase("htpasswd", "config")]
    [TestCase("tokens", "helper")]
    [TestCase("htpasswd", "variables")]
    [TestCase("tokens", "config", RegistryKind.Docker)]
    public async Task Base_and_layer_image_come_with_credentials_from(
        string guard, string source, RegistryKind kind = RegistryKind.Embedded)
    {
        await using var place = await GuardAsync(guard, kind);
        Give(place.Registry, source, Password);

        (await PublishAsync(place.Registry)).EnsureSucceeded();

        var image = await StoredImage.OpenAsync("oci-archive:" + Archive);
        Assert.That(image.Layers.Select(l => l.Digest), Does.Contain(_layer.Digest), "the layer image's blob as it is");
    }

    [TestCase("htpasswd", "helper", "docker-credential-test")]
    [TestCase("tokens", "config", "config.json")]
    public async Task Wrong_credentials_are_one_error_that_says_where_they_came_from(string guard, string source, string named)
    {
        const string Wrong = "wr0ng-one";
        await using var place = await GuardAsync(guard);
        Give(place.Registry, source, Wrong);

        var result = await PublishAsync(place.Registry);

        var errors = result.Output.Split('\n').Where(l => l.Contains("error ", StringComparison.Ordinal)).Select(l => l.Trim()).Distinct()
            .ToList();
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(errors, Has.Count.EqualTo(1), result.Output);
        Assert.That(errors[0], Does.Contain("LLC1002").And.Contain(place.Registry.Host).And.Contain(named));
        Assert.That(result.Output, Does.Not.Contain(Wrong));
    }

    private string Archive => _root.File("out", "image.tar");

    private async Task<DotnetResult> PublishAsync(ITestRegistry registry)
    {
        File.Delete(Archive);
        var project = new FunctionProject("fn")
        {
            Properties = $"""
                <ContainerImageFormat>OCI</ContainerImageFormat>
                <ContainerBaseImage>{registry.Host}/team/base:1</ContainerBaseImage>
                <LambdaFunctionDefaults>false</LambdaFunctionDefaults>
                """,
            Items = $"""<LambdaLayer Include="{registry.Host}/team/agent:1" />""",
        }.Write(_sandbox);
        // NuGet needs the system's certificates; the build needs the authority of the registry, and reads it once in a process.
        _sandbox.Environment["SSL_CERT_FILE"] = null;
        await _sandbox.BuildOnceAsync(project);
        _sandbox.Environment["SSL_CERT_FILE"] = _root.Write("authority.pem", _certificates.Authority.ExportCertificatePem());
        _sandbox.ServerPool = nameof(PrivateRegistryStories);
        return await _sandbox.PublishAsync(
            project, "--no-build", "-t:PublishContainer", $"-p:ContainerArchiveOutputPath={Archive}",
            $"-p:LambdaLayersCacheDirectory={_root.Folder($"cache-{registry.Port}")}", "-p:LambdaLayersLockFile="
                + _root.File($"{registry.Port}.lock.json"));
    }

    private async Task<Guarded> GuardAsync(string guard, RegistryKind kind = RegistryKind.Embedded)
    {
        var tokens = guard == "tokens"
            ? await TokenServer.StartAsync(_certificates.Authority, certificate: _certificates.Issue("localhost"))
            : null;
        var registry = await TestRegistry.StartAsync(kind, new RegistryGuard
        {
            Certificate = _certificates.Issue("localhost"),
            Htpasswd = tokens is null,
            Tokens = tokens,
        });
        using var pusher = new RegistryPusher(registry.Uncounted);
        await pusher.PushAsync("team/base", "1", SyntheticBase.Plain());
        await pusher.PushAsync("team/agent", "1", new SyntheticImage(ImageFamily.Oci, "amd64", [], [_layer]));
        return new Guarded(registry, tokens);
    }

    // Only this one place has credentials.
    private void Give(ITestRegistry registry, string source, string password)
    {
        var config = Path.Combine(_sandbox.Home, ".docker", "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        File.Delete(config);
        foreach (var name in new[] { "DOTNET_CONTAINER_PULL_REGISTRY_UNAME", "DOTNET_CONTAINER_PULL_REGISTRY_PWORD" })
        {
            _sandbox.Environment[name] = null;
        }

        switch (source)
        {
            case "config":
                var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}"));
                File.WriteAllText(config, $$$$"""{"auths":{"{{{{registry.Host}}}}":{"auth":"{{{{auth}}}}"}}}""");
                break;
            case "helper":
                var script = ShellScript.Write(
                    _root, "bin/docker-credential-test", $$"""cat > /dev/null; echo '{"Username":"{{User}}","Secret":"{{password}}"}'""");
                _sandbox.Environment["PATH"] = Path.GetDirectoryName(script) + ":" + Environment.GetEnvironmentVariable("PATH");
                File.WriteAllText(config, $$$"""{"credHelpers":{"{{{registry.Host}}}":"test"}}""");
                break;
            default:
                _sandbox.Environment["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] = User;
                _sandbox.Environment["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] = password;
                break;
        }
    }

    private sealed record Guarded(ITestRegistry Registry, TokenServer? Tokens) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Registry.DisposeAsync();
            if (Tokens is not null)
            {
                await Tokens.DisposeAsync();
            }
        }
    }
}
