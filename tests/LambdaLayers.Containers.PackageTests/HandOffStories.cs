using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>The SDK takes our base image for the real one, and nobody is in the way of it.</summary>
public sealed partial class HandOffStories
{
    private const string Layer = """<LambdaLayer Include="layer.zip" />""";

    private const string NobodysProxy = "http://127.0.0.1:9";

    private DotnetSandbox _sandbox = null!;

    private EmbeddedRegistry _registry = null!;

    private string _baseDigest = "";

    private string BaseImage => $"{_registry.Host}/lambda/provided:al2023";

    [SetUp]
    public async Task SetUp()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        _baseDigest = await SyntheticBase.PushPlainAsync(_registry, "lambda/provided", "al2023");
        _sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [Test]
    public async Task A_base_image_in_the_destination_registry_is_mounted_and_named_and_its_entry_point_stays()
    {
        var project = await new FunctionProject
        {
            Items = Layer + """<ContainerDefaultArgs Include="Fn::Fn.Function::Handler" />""",
        }.WriteBuiltAsync(_sandbox);

        await _sandbox.MakeImageAsync(
            project, $"-p:ContainerRegistry={_registry.Host}", $"-p:ContainerBaseImage={BaseImage}",
            "-p:ContainerAppCommandInstruction=None");

        // Before the image is looked at, which downloads it.
        var requests = _registry.Requests.ToList();
        var config = (await StoredImage.ConfigAsync($"docker://{_registry.Host}/fn:1")).GetProperty("config");
        var labels = config.GetProperty("Labels");
        var baseLayers = SyntheticBase.Plain().Layers.Select(layer => layer.Digest).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(labels.GetProperty("org.opencontainers.image.base.name").GetString(), Is.EqualTo(BaseImage));
            Assert.That(labels.GetProperty("org.opencontainers.image.base.digest").GetString(), Is.EqualTo(_baseDigest));
            Assert.That(Strings(config.GetProperty("Entrypoint")), Is.EqualTo(new[] { "/lambda-entrypoint.sh" }));
            Assert.That(Strings(config.GetProperty("Cmd")), Is.EqualTo(new[] { "Fn::Fn.Function::Handler" }));
            Assert.That(Strings(config.GetProperty("Env")), Has.Some.EqualTo("LAMBDA_TASK_ROOT=/var/task"));
            foreach (var digest in baseLayers)
            {
                Assert.That(requests.Where(request => IsMountOf(digest, request)), Is.Not.Empty, $"{digest} is mounted");
                Assert.That(requests.Where(request => request.IsBlobDownload && IsAbout(digest, request)), Is.Empty,
                    "and never downloaded");
            }
        });
    }

    [Test]
    public async Task A_proxy_does_not_get_between_the_SDK_and_the_base_image()
    {
        var project = await new FunctionProject { Items = Layer }.WriteBuiltAsync(_sandbox);
        var several = await new FunctionProject("Several")
        {
            Items = """<LambdaLayer Include="../Fn/layer.zip" />""",
            Properties = FunctionProject.TwoArchitectures,
        }.WriteBuiltAsync(_sandbox);
        // Proxies are read once in a process.
        _sandbox.UsesBuildServer = false;
        _sandbox.Environment["http_proxy"] = NobodysProxy;
        _sandbox.Environment["HTTP_PROXY"] = NobodysProxy;

        await _sandbox.MakeImageAsync(
            project, $"-p:ContainerBaseImage={BaseImage}", $"-p:ContainerArchiveOutputPath={_sandbox.File("one.tar.gz")}");
        await _sandbox.MakeImageAsync(
            several, $"-p:ContainerBaseImage={BaseImage}", $"-p:ContainerArchiveOutputPath={_sandbox.File("several.tar.gz")}");

        Assert.That(await ImageArchive.LayerCountAsync(_sandbox.File("one.tar.gz")), Is.EqualTo(4), "two of the base, ours, the app's");
        Assert.That(_sandbox.File("several.tar.gz"), Does.Exist);
    }

    [Test]
    public async Task A_build_that_fails_after_the_SDK_has_pushed_leaves_no_listener_and_no_file_behind()
    {
        var salt = Guid.NewGuid().ToString("n");
        var project = new FunctionProject
        {
            Items = Layer,
            Targets = $"""
                <Target Name="FailLater" BeforeTargets="_LambdaLayersPublishImage" Condition="'$(_LambdaLayersStagedTag)' != ''">
                  <PropertyGroup><Port>$(ContainerBaseRegistry.Substring(10))</Port></PropertyGroup>
                  <Exec Command="bash -c 'exec 3&lt;&gt;/dev/tcp/127.0.0.1/$(Port)'" />
                  <Exec Command="ls {Temporary}/*" />
                  <Error Code="T0001" Text="The listener was up." />
                </Target>
                """,
        }.Write(_sandbox);
        await _sandbox.BuildOnceAsync(project);

        // A build server of our own outlives the build: only its own cleaning up can close the port.
        _sandbox.UsesBuildServer = false;
        _sandbox.Environment["MSBUILDUSESERVER"] = "1";
        _sandbox.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1";
        _sandbox.Environment["MSBUILDNODEHANDSHAKESALT"] = salt;
        _sandbox.Environment["MSBUILDDISABLENODEREUSE"] = "0";
        try
        {
            var result = await _sandbox.PublishAsync(
                project, "--no-build", "-t:PublishContainer", "-m:1", $"-p:ContainerArchiveOutputPath={_sandbox.File("x.tar.gz")}");
            var alive = LinuxProcesses.WithVariable("MSBUILDNODEHANDSHAKESALT", salt);

            Assert.That(BuildLog.Of(result).Errors.Select(error => error.Code), Is.EqualTo(new[] { "T0001" }));
            Assert.That(alive, Is.Not.Empty, "the build server is gone, so this test would show nothing");
            Assert.That(Directory.GetFiles(Temporary), Is.Empty);
            Assert.That(async () => await ConnectAsync(ServedPort(result)), Throws.TypeOf<SocketException>());
        }
        finally
        {
            foreach (var process in LinuxProcesses.WithVariable("MSBUILDNODEHANDSHAKESALT", salt))
            {
                process.Kill();
            }
        }
    }

    [TestCase("processes")]
    [TestCase("threads")]
    [TestCase("task hosts")]
    public async Task Two_functions_published_at_once_in_one_build_get_their_own_images_and_leave_nothing(string tasksIn)
    {
        if (tasksIn == "task hosts")
        {
            _sandbox.ServerPool = tasksIn;
            _sandbox.Environment["MSBUILDFORCEALLTASKSOUTOFPROC"] = "1";
        }

        // The SDK cuts values at the first colon when there are several runtime identifiers.
        const string Settings = """
            <ContainerLabel Include="endpoint" Value="https://example.com:8443/a:b" />
            <ContainerEnvironmentVariable Include="ENDPOINT" Value="http://host:1234/x:y" />
            """;
        foreach (var (name, platforms) in new[] { ("First", "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>"),
            ("Second", FunctionProject.TwoArchitectures) })
        {
            _sandbox.WriteZip(name, "layer.zip", $"{name}.txt", name);
            await new FunctionProject(name)
            {
                Items = Layer + Settings,
                Properties = platforms,
            }.WriteBuiltAsync(_sandbox);
        }

        var solution = _sandbox.Write("src/All.slnx", """
            <Solution><Project Path="First/First.csproj" /><Project Path="Second/Second.csproj" /></Solution>
            """);

        var result = (await _sandbox.PublishAsync(
            solution, "--no-build", tasksIn == "threads" ? "-mt" : "-m:2", $"-p:ContainerBaseImage={BaseImage}",
            $"-p:ContainerRegistry={_registry.Host}")).EnsureSucceeded();

        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.EqualTo(3));
        foreach (var (name, tag, architecture) in new[] { ("First", "1", "amd64"), ("Second", "1-linux-x64", "amd64"),
            ("Second", "1-linux-arm64", "arm64") })
        {
            var image = await StoredImage.OpenAsync($"docker://{_registry.Uncounted.Authority}/{name.ToLowerInvariant()}:{tag}");
            var files = image.Layers.SelectMany(layer => layer.Files).ToList();
            var run = image.Config.GetProperty("config");
            Assert.Multiple(() =>
            {
                Assert.That(files.Where(file => file.StartsWith("opt/", StringComparison.Ordinal)),
                    Is.EqualTo(new[] { $"opt/{name}.txt" }));
                Assert.That(files, Does.Contain($"app/{name}.dll").And.Contain("lambda-entrypoint.sh"));
                Assert.That(image.Config.GetProperty("architecture").GetString(), Is.EqualTo(architecture));
                Assert.That(run.GetProperty("Labels").GetProperty("endpoint").GetString(), Is.EqualTo("https://example.com:8443/a:b"));
                Assert.That(Strings(run.GetProperty("Env")), Does.Contain("ENDPOINT=http://host:1234/x:y"));
            });
        }

        Assert.That(Directory.GetFiles(Temporary), Is.Empty);
        foreach (var port in ServedPorts(result))
            Assert.That(async () => await ConnectAsync(port), Throws.TypeOf<SocketException>(), $"port {port} is closed");
    }

    [Test]
    public async Task An_image_that_the_SDK_did_not_finish_is_an_error()
    {
        // The SDK's task takes a cancelled request for a warning. Its outputs then are empty, as they are made here.
        var project = new FunctionProject
        {
            Items = Layer,
            Targets = """
                <Target Name="_PublishSingleContainer" Returns="@(GeneratedContainer)">
                  <Warning Text="A task was canceled." />
                  <ItemGroup><GeneratedContainer Include="GeneratedContainer" /></ItemGroup>
                </Target>
                """,
        }.Write(_sandbox);

        // Targets of the project itself come before the SDK's; the last one wins.
        File.WriteAllText(project, File.ReadAllText(project)
            .Replace("<Project Sdk=\"Microsoft.NET.Sdk\">", "<Project><Import Project=\"Sdk.props\" Sdk=\"Microsoft.NET.Sdk\" />",
                StringComparison.Ordinal)
            .Replace("<Target Name=\"_Pub", "<Import Project=\"Sdk.targets\" Sdk=\"Microsoft.NET.Sdk\" /><Target Name=\"_Pub",
                StringComparison.Ordinal));

        var result = await _sandbox.PublishAsync(project, "-t:PublishContainer");

        Assert.That(result.Succeeded, Is.False);
        Assert.That(BuildLog.Of(result).Errors.Select(error => error.Code), Is.EqualTo(new[] { "LLC4005" }));
        Assert.That(async () => await ConnectAsync(ServedPort(result)), Throws.TypeOf<SocketException>());
    }

    private static bool IsMountOf(string digest, RegistryRequest request) => request.IsMount
        && Uri.UnescapeDataString(request.Query) is var query
        && query.Contains(digest, StringComparison.Ordinal) && query.Contains("from=lambda/provided", StringComparison.Ordinal);

    private static bool IsAbout(string digest, RegistryRequest request) => request.Path.EndsWith(digest, StringComparison.Ordinal);

    private static IEnumerable<string?> Strings(JsonElement array) => array.EnumerateArray().Select(value => value.GetString());

    private static int ServedPort(DotnetResult result) => ServedPorts(result).Single();

    private static IEnumerable<int> ServedPorts(DotnetResult result) =>
        BuildLog.Of(result).Messages("Staging the image at ").Select(message => int.Parse(Port().Match(message).Groups[1].Value));

    // What the SDK pushes lies there while the build runs.
    private string Temporary => Path.Combine(_sandbox.CacheHome, "lambda-layers", "v1", "tmp");

    private static async Task ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
    }

    [GeneratedRegex(@"localhost:(\d+)")]
    private static partial Regex Port();
}
