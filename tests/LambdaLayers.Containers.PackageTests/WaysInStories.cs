using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>However a project gets the package and however its owner publishes: the image is made, with its layers, once.</summary>
public sealed class WaysInStories
{
    private const string Layer = """<LambdaLayer Include="layer.zip" />""";

    private DotnetSandbox _sandbox = null!;

    private string Archive => _sandbox.File("out", "image.tar.gz");

    private string ToArchive => $"-p:ContainerArchiveOutputPath={Archive}";

    [SetUp]
    public async Task SetUp() => _sandbox = await DotnetSandbox.CreateAsync();

    [TearDown]
    public void TearDown() => _sandbox.Dispose();

    [Test]
    public async Task Publishing_with_a_place_for_the_image_makes_it_once_with_and_without_the_target()
    {
        var project = await WriteBuiltAsync(new FunctionProject { Items = Layer });

        var plain = (await _sandbox.PublishAsync(project, "--no-build", ToArchive)).EnsureSucceeded();
        var layers = await ImageArchive.LayerCountAsync(Archive);
        File.Delete(Archive);
        var withTarget = await _sandbox.MakeImageAsync(project, ToArchive);

        Assert.That(BuildLog.Of(plain).Runs("CreateNewImage"), Is.EqualTo(1));
        Assert.That(
            BuildLog.Of(plain).OwnTasks, Does.Contain("StageLambdaImage").And.Contain("PublishLambdaImage"));
        Assert.That(BuildLog.Of(withTarget).Runs("CreateNewImage"), Is.EqualTo(1));
        Assert.That(Archive, Does.Exist);
        Assert.That(layers, Is.EqualTo(2), "our layer and the app's");
    }

    [Test]
    public async Task Plain_publish_leaves_the_image_alone_when_told_so_or_when_there_is_no_place_for_it()
    {
        var project = await WriteBuiltAsync(new FunctionProject { Items = Layer });

        var switchedOff = (await _sandbox.PublishAsync(project, "--no-build", ToArchive, "-p:LambdaPublishContainer=false"))
            .EnsureSucceeded();
        var noPlace = (await _sandbox.PublishAsync(project, "--no-build")).EnsureSucceeded();

        Assert.That(BuildLog.Of(switchedOff).OwnTasks, Is.Empty);
        Assert.That(BuildLog.Of(noPlace).OwnTasks, Is.Empty);
        Assert.That(Archive, Does.Not.Exist);
    }

    [Test]
    public async Task The_package_also_is_an_additional_SDK()
    {
        var project = Write(new FunctionProject
        {
            Reference = $"""<Sdk Name="LambdaLayers.Containers" Version="{_sandbox.Package!.Version}" />""",
            Items = Layer,
        });

        var result = await _sandbox.PublishContainerAsync(project, ToArchive);

        Assert.That(BuildLog.Of(result).Runs("StageLambdaImage"), Is.EqualTo(1));
        Assert.That(await ImageArchive.LayerCountAsync(Archive), Is.EqualTo(2));
    }

    [Test]
    public async Task Referenced_as_a_package_and_as_an_SDK_it_works_once()
    {
        var project = Write(new FunctionProject
        {
            Reference = new FunctionProject().Reference
                + $"""<Sdk Name="LambdaLayers.Containers" Version="{_sandbox.Package!.Version}" />""",
            Items = Layer,
        });

        var result = await _sandbox.PublishContainerAsync(project, ToArchive);

        Assert.That(BuildLog.Of(result).Runs("StageLambdaImage"), Is.EqualTo(1));
        Assert.That(await ImageArchive.LayerCountAsync(Archive), Is.EqualTo(2));
    }

    [TestCase("-p:PublishProfile=DefaultContainer")]
    [TestCase("-p:WebPublishMethod=Container", "-p:PublishProfile=ByHand")]
    public async Task A_publish_profile_as_IDEs_use_it_makes_the_image_once(params string[] profile)
    {
        var project = await WriteBuiltAsync(new FunctionProject { Items = Layer });
        _sandbox.Write("src/Fn/Properties/PublishProfiles/ByHand.pubxml", """
            <Project><PropertyGroup><PublishProtocol>Container</PublishProtocol></PropertyGroup></Project>
            """);

        var result = (await _sandbox.PublishAsync(project, ["--no-build", ToArchive, .. profile])).EnsureSucceeded();

        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.EqualTo(1));
        Assert.That(await ImageArchive.LayerCountAsync(Archive), Is.EqualTo(2));
    }

    [Test]
    public async Task PublishContainer_alone_says_what_to_type_instead()
    {
        var project = await WriteBuiltAsync(new FunctionProject { Items = Layer });

        var result = await _sandbox.MSBuildAsync(project, "-t:PublishContainer", "-p:Configuration=Release", ToArchive);
        var archiveAfterError = File.Exists(Archive);
        (await _sandbox.MSBuildAsync(
            project, "-t:Publish;PublishContainer", "-p:NoBuild=true", "-p:Configuration=Release", ToArchive)).EnsureSucceeded();

        Assert.That(result.Succeeded, Is.False);
        var error = BuildLog.Of(result).Errors.Single();
        Assert.That(error.Code, Is.EqualTo("LLC4001"));
        Assert.That(error.Text, Does.Contain("dotnet publish -t:PublishContainer"));
        Assert.That(error.File, Is.EqualTo(project));
        Assert.That(archiveAfterError, Is.False);
        Assert.That(Archive, Does.Exist, "with both targets");
    }

    [Test]
    public async Task Switched_off_the_package_leaves_everything_to_the_SDK()
    {
        // The SDK is not asked to make the image here: it would look for its base image on the network.
        var project = Write(new FunctionProject
        {
            Items = Layer,
            Properties = "<OutputType>Library</OutputType>",
            Program = "public class Fn;"
        });

        var result = await _sandbox.PublishContainerAsync(project, ToArchive, "-p:LambdaLayersEnabled=false");

        Assert.That(BuildLog.Of(result).OwnTasks, Is.Empty);
        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.Zero, "the SDK makes no images of class libraries");
    }

    [Test]
    public async Task A_class_library_gets_an_image_as_well()
    {
        var project = Write(new FunctionProject
        {
            Items = Layer,
            Properties = """
                <OutputType>Library</OutputType>
                <GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>
                <ContainerAppCommandInstruction>None</ContainerAppCommandInstruction>
                """,
            Program = "public class Fn;",
        });

        await _sandbox.PublishContainerAsync(project, ToArchive);

        Assert.That(await ImageArchive.LayerCountAsync(Archive), Is.EqualTo(2));
        Assert.That(await ImageArchive.FilesAsync(Archive), Does.Contain("app/Fn.dll").And.Contain("app/Fn.runtimeconfig.json"));
    }

    [TestCase]
    [TestCase("-t:PublishContainer")]
    public async Task A_solution_may_have_projects_that_know_nothing_of_images(params string[] target)
    {
        Write(new FunctionProject { Items = Layer, Properties = $"<ContainerArchiveOutputPath>{Archive}</ContainerArchiveOutputPath>" });
        _sandbox.WriteProject("Plain", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """, ("Class.cs", "public class Class;"));
        var solution = _sandbox.Write("src/All.slnx", """
            <Solution><Project Path="Fn/Fn.csproj" /><Project Path="Plain/Plain.csproj" /></Solution>
            """);

        var result = (await _sandbox.PublishAsync(solution, target)).EnsureSucceeded();

        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.EqualTo(1));
        Assert.That(await ImageArchive.LayerCountAsync(Archive), Is.EqualTo(2));
    }

    private Task<string> WriteBuiltAsync(FunctionProject project)
    {
        _sandbox.WriteZip(project.Name, "layer.zip", "hello.txt", "hello");
        return project.WriteBuiltAsync(_sandbox);
    }

    private string Write(FunctionProject project)
    {
        _sandbox.WriteZip(project.Name, "layer.zip", "hello.txt", "hello");
        return project.Write(_sandbox);
    }
}
