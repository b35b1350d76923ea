using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>The package in projects that use MSBuild and NuGet in other ways than a new project does.</summary>
public sealed class MSBuildStories
{
    private const string Layer = """<LambdaLayer Include="layer.zip" />""";

    private DotnetSandbox _sandbox = null!;

    private string Archive => _sandbox.File("out", "image.tar.gz");

    private string ToArchive => $"-p:ContainerArchiveOutputPath={Archive}";

    [SetUp]
    public async Task SetUp()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
    }

    [TearDown]
    public void TearDown() => _sandbox.Dispose();

    [Test]
    public async Task Central_packages_static_graph_restore_artifacts_layout_and_no_build_go_together()
    {
        _sandbox.Write("src/Directory.Packages.props", """
            <Project>
              <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
              <ItemGroup><GlobalPackageReference Include="LambdaLayers.Containers" Version="$(LambdaLayersTestVersion)" /></ItemGroup>
            </Project>
            """);
        _sandbox.Write("src/Directory.Build.props", """
            <Project>
              <Import Project="../Directory.Build.props" />
              <PropertyGroup>
                <UseArtifactsOutput>true</UseArtifactsOutput>
                <RestoreUseStaticGraphEvaluation>true</RestoreUseStaticGraphEvaluation>
              </PropertyGroup>
            </Project>
            """);
        var project = new FunctionProject { Reference = "", Items = Layer }.Write(_sandbox);

        (await _sandbox.BuildAsync(project, "-c", "Release")).EnsureSucceeded();
        var published = await _sandbox.PublishContainerAsync(project, "--no-build", ToArchive);

        Assert.That(await ImageArchive.FilesAsync(Archive), Does.Contain("opt/hello.txt").And.Contain("app/Fn.dll"));
        Assert.That(BuildLog.Of(published).Runs("Csc"), Is.Zero, "--no-build");
        Assert.That(_sandbox.File("src", "artifacts", "publish", "Fn", "release_linux-x64", "Fn.dll"), Does.Exist);
        Assert.That(Path.Combine(Path.GetDirectoryName(project)!, "bin"), Does.Not.Exist);
        Assert.That(Path.Combine(Path.GetDirectoryName(project)!, "obj"), Does.Not.Exist);
    }

    [Test]
    public async Task An_isolated_graph_build_publishes_an_extension_project_with_the_function()
    {
        _sandbox.WriteProject("Ext", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><UseAppHost>false</UseAppHost>
              </PropertyGroup>
            </Project>
            """, ("Program.cs", "System.Console.WriteLine(\"extension\");"));
        var project = new FunctionProject { Items = """<LambdaLayer Include="../Ext/Ext.csproj" />""" }.Write(_sandbox);
        // A base that is only named as one with .NET: nobody starts it here.
        await using var registry = await TestKit.Registries.EmbeddedRegistry.StartAsync();
        await TestKit.Images.SyntheticBase.PushPlainAsync(registry, "lambda/dotnet", "10");
        await _sandbox.RestoreAsync(project);

        var result = (await _sandbox.MSBuildAsync(
            project, "-t:Publish;PublishContainer", "-p:_IsPublishing=true", "-graph", "-isolate", ToArchive,
            $"-p:ContainerBaseImage={registry.Host}/lambda/dotnet:10")).EnsureSucceeded();

        Assert.That(BuildLog.Of(result).Runs("CreateNewImage"), Is.EqualTo(1));
        Assert.That(await ImageArchive.FilesAsync(Archive), Does.Contain("opt/extensions/Ext").And.Contain("opt/Ext/Ext.dll"));
    }

    [Test]
    public async Task The_targets_for_people_work_in_a_project_with_several_frameworks()
    {
        var project = new FunctionProject
        {
            Items = Layer,
            Properties = "<TargetFramework></TargetFramework><TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>",
        }.Write(_sandbox);
        await _sandbox.RestoreAsync(project);

        (await _sandbox.MSBuildAsync(project, "-t:RestoreLambdaLayers;ListLambdaLayers;UpdateLambdaLayers")).EnsureSucceeded();
        var cached = Directory.EnumerateFiles(_sandbox.CacheHome, "*", SearchOption.AllDirectories).Count();
        (await _sandbox.MSBuildAsync(project, "-t:CleanLambdaLayersCache")).EnsureSucceeded();
        var cleaned = Directory.EnumerateFiles(_sandbox.CacheHome, "*", SearchOption.AllDirectories).Count();
        var deployed = await _sandbox.MSBuildAsync(project, "-t:DeployLambdaFunction");
        (await _sandbox.PublishAsync(project, "-f", "net10.0", ToArchive)).EnsureSucceeded();

        Assert.That(cleaned, Is.LessThan(cached));
        Assert.That(BuildLog.Of(deployed).Errors.Select(e => e.Code), Is.EqualTo(new[] { "LLC2168" }));
        Assert.That(await ImageArchive.FilesAsync(Archive), Does.Contain("opt/hello.txt"));
    }

    [TestCase("-o", "together")]
    [TestCase("-p:PublishDir=together/")]
    public async Task One_output_folder_for_several_runtime_identifiers_is_an_error(params string[] output)
    {
        var project = new FunctionProject
        {
            Items = Layer,
            Properties = FunctionProject.TwoArchitectures,
        }.Write(_sandbox);

        var result = await _sandbox.PublishAsync(project, ["-t:PublishContainer", ToArchive, .. output]);

        Assert.That(BuildLog.Of(result).Errors.Select(e => e.Code).Distinct(), Is.EqualTo(new[] { "LLC4010" }));
        Assert.That(Archive, Does.Not.Exist);
    }

    [Test]
    public async Task A_file_based_app_is_published_with_the_layers_of_its_folder()
    {
        _sandbox.WriteZip("File", "layer.zip", "hello.txt", "hello");
        _sandbox.Write("src/File/Directory.Build.props", """
            <Project>
              <Import Project="../../Directory.Build.props" />
              <ItemGroup><LambdaLayer Include="layer.zip" /></ItemGroup>
            </Project>
            """);
        var app = _sandbox.Write("src/File/hello.cs", $"""
            #:package LambdaLayers.Containers@{_sandbox.Package!.Version}
            #:property PublishAot=false
            #:property SelfContained=false
            #:property UseAppHost=false
            #:property RuntimeIdentifier=linux-x64
            #:property ContainerBaseImage=scratch
            System.Console.WriteLine("function");
            """);

        (await _sandbox.PublishAsync(app, ToArchive)).EnsureSucceeded();

        Assert.That(await ImageArchive.FilesAsync(Archive), Does.Contain("opt/hello.txt").And.Contain("app/hello.dll"));
    }
}
