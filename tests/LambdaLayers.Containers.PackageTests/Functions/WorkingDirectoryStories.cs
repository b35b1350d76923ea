using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Functions;

/// <summary>ContainerWorkingDirectory with and without a slash at its end; and projects that do not say that they are functions.</summary>
[TestFixture]
public sealed class WorkingDirectoryStories
{
    private DotnetSandbox _sandbox = null!;
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        _sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _sandbox?.Dispose();
    }

    [Test]
    public async Task The_program_is_looked_for_in_the_working_directory()
    {
        var project = await WriteBuiltAsync("<ContainerWorkingDirectory>/srv/app/</ContainerWorkingDirectory>");

        await _sandbox.MakeImageAsync(project, $"-p:ContainerRegistry={_registry.Host}");

        await AssertStartsAsync("fn:1");
    }

    [Test]
    public async Task On_the_command_line_too_and_for_several_runtime_identifiers()
    {
        var project = await WriteBuiltAsync(FunctionProject.TwoArchitectures);

        await _sandbox.MakeImageAsync(
            project, $"-p:ContainerRegistry={_registry.Host}", "-p:ContainerWorkingDirectory=/srv/app");

        await AssertStartsAsync("fn:1-linux-x64");
        await AssertStartsAsync("fn:1-linux-arm64");
    }

    [Test]
    public async Task Layers_on_a_base_image_that_nobody_chose_are_warned_of()
    {
        (string Properties, bool Warned)[] cases =
        [
            ("", true),
            ("<LambdaFunctionDefaults>false</LambdaFunctionDefaults>", false),
            ("<ContainerFamily>alpine</ContainerFamily>", false),
            ("<ContainerBaseImage>scratch</ContainerBaseImage>", false),
        ];
        await WriteBuiltAsync("");
        foreach (var (properties, warned) in cases)
        {
            var project = await WriteBuiltAsync($"<ContainerBaseImage />{properties}");
            // The warning comes before the base image is asked for, which is out of reach here: an offline build says so.
            var result = await _sandbox.PublishAsync(project, "-t:PublishContainer", "--no-build", "-p:LambdaLayersOffline=true",
                $"-p:ContainerArchiveOutputPath={_sandbox.File("image.tar.gz")}");

            Assert.That(result.Output.Contains("warning LLC2312", StringComparison.Ordinal), Is.EqualTo(warned), result.Output);
            if (warned)
                Assert.That(result.Output, Does.Contain("<AWSProjectType>Lambda</AWSProjectType>")
                    .And.Contain("mcr.microsoft.com/dotnet/"));
        }
    }

    private Task<string> WriteBuiltAsync(string properties) => new FunctionProject
    {
        Properties = properties,
        Items = """<LambdaLayer Include="layer.zip" />""",
    }.WriteBuiltAsync(_sandbox);

    private async Task AssertStartsAsync(string name)
    {
        var image = await PushedImage.ReadAsync(_registry, name);
        Assert.That((string?)image.RunConfig["WorkingDir"], Is.EqualTo("/srv/app"), "as in AWS's own images");
        Assert.That(image.RunConfig["Entrypoint"]!.ToJsonString(), Is.EqualTo("[\"dotnet\",\"/srv/app/Fn.dll\"]"));
        Assert.That(image.Files(^1).Select(file => "/" + file), Does.Contain("/srv/app/Fn.dll"));
    }
}
