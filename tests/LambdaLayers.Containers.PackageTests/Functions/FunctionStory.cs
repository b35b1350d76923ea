using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Functions;

/// <summary>What else decides a function's image; that the kinds of functions start is told in the stories of the samples.</summary>
[TestFixture]
public sealed class FunctionStory
{
    private DotnetSandbox _sandbox = null!;
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(_registry, "lambda/dotnet", "10", dotnet: true);
        await SyntheticBase.PushPlainAsync(_registry, "lambda/provided", "al2023");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _registry.DisposeAsync();
        _sandbox.Dispose();
    }

    [Test]
    public async Task A_changed_line_of_code_uploads_only_the_application()
    {
        var project = Sample.CopyTo(_sandbox, "ExecutableFunction");
        string[] arguments = ["-r", "linux-x64", "-p:PublishSelfContained=true"];
        await PublishAsync(project, "lambda/provided:al2023", arguments);
        var before = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        var program = Path.Combine(Path.GetDirectoryName(project)!, "Program.cs");
        File.WriteAllText(program, File.ReadAllText(program).Replace("received", "length", StringComparison.Ordinal));
        _registry.Clear();

        await PublishAsync(project, "lambda/provided:al2023", arguments);

        var after = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        var dependencies = before.Layers[^2].Sum(entry => entry.Length);
        Assert.That(dependencies, Is.GreaterThan(20_000_000));
        Assert.That(after.LayerDigests.SkipLast(1), Is.EqualTo(before.LayerDigests.SkipLast(1)));
        Assert.That(after.LayerDigests[^1], Is.Not.EqualTo(before.LayerDigests[^1]));
        Assert.That(_registry.UploadedBytes("executable-function"), Is.GreaterThan(0).And.LessThan(100_000));

        (await _sandbox.PublishAsync(project,
            ["--no-build", .. arguments, $"-p:ContainerRegistry={_registry.Host}", "-p:ContainerBaseImage=scratch"])).EnsureSucceeded();

        var onScratch = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        Assert.That(onScratch.RunConfig["Entrypoint"]!.ToJsonString(), Is.EqualTo("[\"/var/task/ExecutableFunction\"]"),
            "a base without an entry point starts the executable");
    }

    [Test]
    public async Task Dependencies_are_a_layer_of_their_own_wherever_the_output_goes_unless_they_are_not_to_be_split()
    {
        var project = Sample.CopyTo(_sandbox, "ClassLibraryFunction");
        await _sandbox.BuildOnceAsync(project);
        var output = Path.Combine(_sandbox.Path, "out");

        await PublishAsync(project, "lambda/dotnet:10", "--no-build", "-o", output);
        var split = await PushedImage.ReadAsync(_registry, "class-library-function:latest");
        await PublishAsync(project, "lambda/dotnet:10", "--no-build", "-p:LambdaSplitDependencies=false");
        var whole = await PushedImage.ReadAsync(_registry, "class-library-function:latest");

        Assert.That(File.Exists(Path.Combine(output, "ICSharpCode.SharpZipLib.dll")), "a folder of the command line keeps all files");
        Assert.That(split.Files(^1), Does.Not.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
        Assert.That(split.Files(^2), Is.EqualTo(new[] { "var/task/ICSharpCode.SharpZipLib.dll" }));
        Assert.That(whole.Files(^1), Does.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
    }

    [Test]
    public async Task Each_platform_of_an_index_runs_the_handler_and_the_index_is_warned_of()
    {
        var project = Sample.CopyTo(_sandbox, "ClassLibraryFunction");

        var result = (await _sandbox.PublishAsync(project, "-t:PublishContainer",
            $"-p:ContainerRegistry={_registry.Host}", $"-p:ContainerBaseImage={_registry.Host}/lambda/dotnet:10",
            "-p:RuntimeIdentifiers=\"linux-x64;linux-arm64\"")).EnsureSucceeded();

        Assert.That(result.Output, Does.Contain("warning LLC3351"));
        foreach (var rid in (string[])["linux-x64", "linux-arm64"])
        {
            var image = await PushedImage.ReadAsync(_registry, $"class-library-function:latest-{rid}");
            image.AssertRunsAs(SyntheticBase.RunConfig(dotnet: true), "ClassLibraryFunction::ClassLibraryFunction.Function::HandleAsync");
            Assert.That(image.Files(^1), Does.Contain("var/task/ClassLibraryFunction.dll"));
            Assert.That(image.Files(^2), Does.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
        }
    }

    private async Task PublishAsync(string project, string baseImage, params string[] arguments) =>
        (await _sandbox.PublishAsync(project,
            [$"-p:ContainerRegistry={_registry.Host}", $"-p:ContainerBaseImage={_registry.Host}/{baseImage}", .. arguments]))
            .EnsureSucceeded();
}
