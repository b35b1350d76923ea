using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>samples/Quickstart, published as its README says.</summary>
public sealed class QuickstartStories
{
    private DotnetSandbox _sandbox = null!;

    private string _project = "";

    [SetUp]
    public async Task CopySample()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        var sample = Repository.PathOf("samples", "Quickstart");
        foreach (var file in Directory.EnumerateFiles(sample, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(sample, file).Split(Path.DirectorySeparatorChar);
            if (relative[0] is not ("bin" or "obj"))
            {
                File.Copy(file, _sandbox.File(["Quickstart", .. relative]));
            }
        }

        _project = _sandbox.File("Quickstart", "Quickstart.csproj");
        var csproj = await File.ReadAllTextAsync(_project);
        Assert.That(csproj, Does.Contain("Version=\"1.0.0\""));
        await File.WriteAllTextAsync(
            _project, csproj.Replace("Version=\"1.0.0\"", $"Version=\"{_sandbox.Package!.Version}\"", StringComparison.Ordinal));
    }

    [TearDown]
    public void TearDown() => _sandbox.Dispose();

    [Test]
    public async Task The_first_command_makes_an_archive_and_ends_with_a_summary()
    {
        var result = (await _sandbox.PublishAsync(_project)).EnsureSucceeded();

        var archive = _sandbox.File("Quickstart", "bin", "quickstart.tar.gz");
        var files = await ImageArchive.FilesAsync(archive);
        Assert.Multiple(() =>
        {
            Assert.That(files, Does.Contain("opt/greetings/en.txt").And.Contain("opt/bin/whereami").And.Contain("var/task/Quickstart"));
            Assert.That(result.Output, Does.Match(@"Lambda image quickstart:\S+"));
            Assert.That(result.Output, Does.Match(@"  base   scratch"));
            Assert.That(result.Output, Does.Match(@"  layer  layers/tools/ +/opt  1 file  [\d.]+ K?B  sha256:[0-9a-f]{12}"));
            Assert.That(result.Output, Does.Match(@"  layer  layers/greetings.zip +/opt  \d files?  [\d.]+ K?B  sha256:[0-9a-f]{12}"));
            Assert.That(result.Output, Does.Contain($"  to     {archive}  sha256:"));
        });
        Assert.That(await ImageArchive.LayerCountAsync(archive), Is.EqualTo(3), "two layers and the app");
    }

    [Test]
    public async Task One_more_property_puts_it_on_a_base_image_and_into_a_registry()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(registry, "lambda/provided", "al2023");

        // AWS's own base image is out of reach of tests: the copy in this registry stands for it.
        var result = (await _sandbox.PublishAsync(
            _project, $"-p:ContainerRegistry={registry.Host}", $"-p:ContainerBaseImage={registry.Host}/lambda/provided:al2023"))
                .EnsureSucceeded();

        var config = await StoredImage.ConfigAsync($"docker://{registry.Host}/quickstart:latest");
        Assert.That(config.GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength(), Is.EqualTo(6),
            "base 2, layers 2, bootstrap, app");
        Assert.That(result.Output, Does.Contain($"  to     {registry.Host}/quickstart  sha256:"));
        Assert.That(_sandbox.File("Quickstart", "bin", "quickstart.tar.gz"), Does.Not.Exist);
    }
}
