using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>Extension projects are built when and how the function's image needs it, and nothing else of theirs is touched.</summary>
public sealed class ExtensionBuildStories
{
    private const string Extension = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <DebugType>none</DebugType>
            <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../Shared/Shared.csproj" />
          </ItemGroup>
        </Project>
        """;

    private const string Item = """<LambdaLayer Include="../Ext/Ext.csproj" />""";

    private const string Shared = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <DebugType>none</DebugType>
          </PropertyGroup>
        </Project>
        """;

    private ExtensionSandbox _sandbox = null!;

    [SetUp]
    public async Task SetUp() => _sandbox = await ExtensionSandbox.CreateAsync();

    [TearDown]
    public async Task TearDown() => await _sandbox.DisposeAsync();

    [Test]
    public async Task An_unchanged_extension_is_neither_compiled_nor_packed_again_however_the_function_is_published()
    {
        var project = WriteProjects();
        var first = await PublishAsync(project);
        var layers = await _sandbox.ItemLayersAsync("fn", "1");

        var second = await PublishAsync(project);
        var secondLayers = await _sandbox.ItemLayersAsync("fn", "1");
        (await _sandbox.PublishAsync(
            project, "-t:PublishContainer", "--no-build", "-o", _sandbox.Dotnet.File("elsewhere", "x"), "-f", "net10.0",
            "--self-contained", "false", "-p:AssemblyName=Fn")).EnsureSucceeded();
        var thirdLayers = await _sandbox.ItemLayersAsync("fn", "1");

        Assert.That(ExtensionSandbox.TaskRuns(first, "Csc", "Ext.csproj"), Is.EqualTo(1));
        Assert.That(ExtensionSandbox.TaskRuns(second, "Csc", "Ext.csproj"), Is.Zero);
        Assert.That(second.Output, Does.Match(@"layer +\.\./Ext/Ext\.csproj .* cached"));
        Assert.That(secondLayers.Select(l => l.Digest), Is.EqualTo(layers.Select(l => l.Digest)));
        Assert.That(thirdLayers.Select(l => l.Digest), Is.EqualTo(layers.Select(l => l.Digest)));
        Assert.That(Directory.GetFileSystemEntries(_sandbox.Dotnet.File("src", "Ext", "x").TrimEnd('x')).Select(f => Path.GetFileName(f)),
            Is.EquivalentTo(new[] { "Ext.csproj", "Program.cs" }), "its own folders are left alone");
    }

    [Test]
    public async Task A_change_is_published_and_leaves_nothing_of_before()
    {
        var project = WriteProjects();
        await PublishAsync(project);
        var before = (await _sandbox.ItemLayersAsync("fn", "1")).Single();

        _sandbox.Dotnet.Write("src/Ext/Ext.csproj", Extension.Replace("ProjectReference", "None", StringComparison.Ordinal));
        _sandbox.Dotnet.Write("src/Ext/Program.cs", "System.Console.WriteLine(2);");
        await PublishAsync(project);

        Assert.That(before.Files, Does.Contain("opt/Ext/Shared.dll"));
        Assert.That((await _sandbox.ItemLayersAsync("fn", "1")).Single().Files, Does.Not.Contain("opt/Ext/Shared.dll"));
    }

    [Test]
    public async Task Each_architecture_of_an_index_gets_its_own()
    {
        var project = WriteProjects();

        (await _sandbox.PublishAsync(project, "-t:PublishContainer", "-p:RuntimeIdentifiers=\"linux-x64;linux-arm64\""))
            .EnsureSucceeded();

        var amd64 = (await _sandbox.ItemLayersAsync("fn", "1", "amd64")).Single();
        var arm64 = (await _sandbox.ItemLayersAsync("fn", "1", "arm64")).Single();
        Assert.That(arm64.Files, Is.EqualTo(amd64.Files));
        Assert.That(arm64.Digest, Is.Not.EqualTo(amd64.Digest), "the app host is another one");
    }

    [TestCase("../Ext/Missing.csproj", "", "LLC2400")]
    [TestCase("../Ext/Ext.csproj", "OutputType=Library", "LLC2402")]
    public async Task What_cannot_be_an_extension_is_one_error(string include, string properties, string code)
    {
        WriteExtension();
        var project = await _sandbox.WriteBuiltFunctionAsync($"""<LambdaLayer Include="{include}" AdditionalProperties="{properties}" />""");

        var result = await _sandbox.MakeImageAsync(project);

        AssertRefused(result, include, code);
    }

    [Test]
    public async Task A_framework_dependent_extension_needs_a_base_with_dotnet()
    {
        WriteExtension();
        var project = await _sandbox.WriteBuiltFunctionAsync(Item);

        var result = await _sandbox.MakeImageAsync(project, $"-p:ContainerBaseImage={_sandbox.Registry.Host}/lambda/provided:al2023");

        AssertRefused(result, "../Ext/Ext.csproj", "LLC2403");
    }

    [Test]
    public async Task Several_target_frameworks_need_a_choice()
    {
        var project = WriteProjects();
        _sandbox.Dotnet.Write("src/Ext/Ext.csproj", Extension
            .Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>",
                StringComparison.Ordinal)
            .Replace("ProjectReference", "None", StringComparison.Ordinal));
        _sandbox.Dotnet.Write("src/Ext/Program.cs", "System.Console.WriteLine(2);");

        var refused = await _sandbox.PublishAsync(project);
        _sandbox.WriteFunction("""<LambdaLayer Include="../Ext/Ext.csproj" AdditionalProperties="TargetFramework=net10.0" />""");
        var chosen = await _sandbox.PublishAsync(project);

        AssertRefused(refused, "../Ext/Ext.csproj", "LLC2401");
        chosen.EnsureSucceeded();
    }

    [Test]
    public async Task Its_compiler_errors_are_shown_as_they_are()
    {
        var project = WriteProjects();
        _sandbox.Dotnet.Write("src/Ext/Program.cs", "this is no C#");

        var result = await _sandbox.PublishAsync(project);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Output, Does.Match(@"Program\.cs\(1,\d+\): error CS").And.Not.Contain("LLC"));
    }

    private static void AssertRefused(DotnetResult result, string include, string code)
    {
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Output, Does.Contain($"error {code}: LambdaLayer '{include}': "));
        Assert.That(result.Output, Does.Not.Contain("MSB4").And.Not.Contain("   at "));
    }

    private async Task<DotnetResult> PublishAsync(string project) =>
        (await _sandbox.PublishAsync(project)).EnsureSucceeded();

    private string WriteProjects()
    {
        WriteExtension();
        return _sandbox.WriteFunction(Item);
    }

    private void WriteExtension()
    {
        _sandbox.Dotnet.WriteProject("Ext", Extension, ("Program.cs", "System.Console.WriteLine(Shared.Name);"));
        _sandbox.Dotnet.WriteProject(
            "Shared", Shared, ("Shared.cs", "public static class Shared { public const string Name = nameof(Name); }"));
    }
}
