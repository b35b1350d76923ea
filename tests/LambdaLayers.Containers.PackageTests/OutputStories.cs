using System.Text.Json;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>Everywhere that the SDK can put an image, ours arrive whole.</summary>
public sealed class OutputStories
{
    private DotnetSandbox _sandbox = null!;

    private EmbeddedRegistry _registry = null!;

    private string BaseImage => $"-p:ContainerBaseImage={_registry.Host}/lambda/provided:al2023";

    [SetUp]
    public async Task SetUp()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(_registry, "lambda/provided", "al2023");
        _sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [Test]
    public async Task Archives_of_both_formats_are_read_by_skopeo_umoci_and_podman()
    {
        var project = await new FunctionProject { Items = """<LambdaLayer Include="layer.zip" />""" }.WriteBuiltAsync(_sandbox);
        var (docker, oci) = (_sandbox.File("docker.tar.gz"), _sandbox.File("oci.tar"));

        await _sandbox.MakeImageAsync(project, BaseImage, $"-p:ContainerArchiveOutputPath={docker}");
        await _sandbox.MakeImageAsync(
            project, BaseImage, $"-p:ContainerArchiveOutputPath={oci}", "-p:ContainerImageFormat=OCI");

        using var root = new TempRoot();
        foreach (var archive in new[] { $"docker-archive:{docker}", $"oci-archive:{oci}" })
        {
            var rootfs = await Umoci.UnpackAsync(archive, root);
            Assert.That(await File.ReadAllTextAsync(Path.Combine(rootfs, "opt", "hello.txt")), Is.EqualTo("hello"), archive);
            Assert.That(Path.Combine(rootfs, "app", "Fn.dll"), Does.Exist, archive);
            Assert.That(Path.Combine(rootfs, "lambda-entrypoint.sh"), Does.Exist, archive);
        }

        var manifest = await Skopeo.InspectManifestAsync($"oci-archive:{oci}");
        Assert.That(manifest.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("mediaType").GetString()),
            Is.All.StartsWith("application/vnd.oci.image.layer.v1.tar"));
        Assert.That(await LoadWithPodmanAsync(docker, root), Does.Contain("fn:1"));
    }

    [Test]
    public async Task Each_architecture_of_an_index_has_its_own_layer()
    {
        foreach (var architecture in new[] { "x64", "arm64" })
        {
            _sandbox.WriteZip("Fn", $"{architecture}.zip", "arch.txt", architecture);
        }

        var project = await new FunctionProject
        {
            Items = """
                <LambdaLayer Include="layer.zip" />
                <LambdaLayer Include="x64.zip" Architecture="x64" />
                <LambdaLayer Include="arm64.zip" Architecture="arm64" />
                """,
            Properties = FunctionProject.TwoArchitectures,
        }.WriteBuiltAsync(_sandbox);

        var result = await _sandbox.MakeImageAsync(project, BaseImage, $"-p:ContainerRegistry={_registry.Host}");

        var index = await StoredImage.ManifestAsync($"docker://{_registry.Host}/fn:1");
        Assert.That(Architectures(index), Is.EquivalentTo(new[] { "amd64", "arm64" }));
        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.EqualTo(2));
        using var root = new TempRoot();
        foreach (var (rid, architecture, text) in new[] { ("linux-x64", "amd64", "x64"), ("linux-arm64", "arm64", "arm64") })
        {
            var image = $"docker://{_registry.Host}/fn:1-{rid}";
            var config = await StoredImage.ConfigAsync(image);
            var rootfs = await StoredImage.UnpackAsync(image, root, architecture);
            Assert.That(config.GetProperty("architecture").GetString(), Is.EqualTo(architecture));
            Assert.That(config.GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength(), Is.EqualTo(5));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(rootfs, "opt", "arch.txt")), Is.EqualTo(text));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(rootfs, "etc", "os-release")), Does.Contain($"VARIANT={architecture}"));
        }
    }

    [Test]
    public async Task An_archive_for_several_architectures_speaks_one_dialect()
    {
        var project = await new FunctionProject
        {
            Items = """<LambdaLayer Include="layer.zip" />""",
            Properties = FunctionProject.TwoArchitectures,
        }.WriteBuiltAsync(_sandbox);
        var archive = _sandbox.File("several.tar");

        await _sandbox.MakeImageAsync(project, BaseImage, $"-p:ContainerArchiveOutputPath={archive}");

        using var root = new TempRoot();
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var rootfs = await StoredImage.UnpackAsync($"oci-archive:{archive}", root, architecture);
            Assert.That(await File.ReadAllTextAsync(Path.Combine(rootfs, "opt", "hello.txt")), Is.EqualTo("hello"));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(rootfs, "etc", "os-release")), Does.Contain($"VARIANT={architecture}"));
        }
    }

    private static IEnumerable<string?> Architectures(JsonElement index) => index.GetProperty("manifests").EnumerateArray()
        .Select(manifest => manifest.GetProperty("platform").GetProperty("architecture").GetString());

    private static async Task<string> LoadWithPodmanAsync(string archive, TempRoot root)
    {
        var environment = CleanEnvironment.Create();
        environment["CONTAINERS_STORAGE_CONF"] = root.Write("storage.conf", $"""
            [storage]
            driver = "vfs"
            graphroot = "{root.Folder("graph")}"
            runroot = "{root.Folder("run")}"

            """);
        environment["XDG_RUNTIME_DIR"] = root.Folder("runtime");
        environment["HOME"] = root.Folder("home");
        var loaded = await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("podman"), ["load", "--input", archive]) { Environment = environment, ReplaceEnvironment = true },
            CancellationToken.None);
        return loaded.Output;
    }
}
