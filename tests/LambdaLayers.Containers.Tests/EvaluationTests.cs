using System.Text.Json;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.Tests;

/// <summary>What the props and targets make of a project, before anything runs.</summary>
public sealed class EvaluationTests
{
    private DotnetSandbox _sandbox = null!;

    [OneTimeSetUp]
    public async Task SetUp() => _sandbox = await DotnetSandbox.CreateAsync(null);

    [OneTimeTearDown]
    public void TearDown() => _sandbox.Dispose();

    [Test]
    public async Task A_class_library_gets_container_support_and_images_on_publish()
    {
        var project = Write("Library");

        var properties = await PropertiesAsync(project, "EnableSdkContainerSupport", "LambdaPublishContainer", "LambdaLayersEnabled");

        Assert.That(properties, Is.EqualTo(new[] { "true", "true", "true" }));
    }

    [Test]
    public async Task Switched_off_nothing_is_set()
    {
        var project = Write("Off", "<LambdaLayersEnabled>false</LambdaLayersEnabled>");

        var properties = await PropertiesAsync(project, "EnableSdkContainerSupport", "LambdaPublishContainer");

        Assert.That(properties, Is.EqualTo(new[] { "", "" }));
    }

    [Test]
    public async Task What_the_project_says_stays()
    {
        var project = Write("Own", """
            <EnableSdkContainerSupport>false</EnableSdkContainerSupport>
            <LambdaPublishContainer>false</LambdaPublishContainer>
            """);

        var properties = await PropertiesAsync(project, "EnableSdkContainerSupport", "LambdaPublishContainer");

        Assert.That(properties, Is.EqualTo(new[] { "false", "false" }));
    }

    [Test]
    public async Task Items_stay_in_order_hidden_from_IDEs_and_may_repeat()
    {
        var project = Write("Items", "", """
            <LambdaLayer Include="b.zip" />
            <LambdaLayer Include="a.zip" TargetPath="/opt/a" />
            <LambdaLayer Include="b.zip" TargetPath="/opt/b" />
            """);

        var result = (await _sandbox.RunAsync("msbuild", project, "-getItem:LambdaLayer")).EnsureSucceeded();

        using var json = JsonDocument.Parse(result.Output);
        var items = json.RootElement.GetProperty("Items").GetProperty("LambdaLayer").EnumerateArray().ToList();
        Assert.That(items.Select(item => item.GetProperty("Identity").GetString()), Is.EqualTo(new[] { "b.zip", "a.zip", "b.zip" }));
        Assert.That(items.Select(item => item.GetProperty("Visible").GetString()), Is.All.EqualTo("false"));
        Assert.That(items[1].GetProperty("TargetPath").GetString(), Is.EqualTo("/opt/a"));
    }

    [Test]
    public async Task The_SDK_still_has_the_targets_that_ours_hook_onto()
    {
        var project = Write("Hooks");

        var result = (await _sandbox.RunAsync("msbuild", project, "-targets")).EnsureSucceeded();

        var targets = result.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.That(targets, Does.Contain("PublishContainer").And.Contain("ComputeContainerBaseImage").And.Contain("Publish"));
    }

    private string Write(string name, string properties = "", string items = "")
    {
        // Where NuGet puts the imports of packages.
        _sandbox.Write($"src/{name}/obj/{name}.csproj.layers.g.props", $"""
            <Project><Import Project="{Repository.PathOf("build", "LambdaLayers.Containers.props")}" /></Project>
            """);
        _sandbox.Write($"src/{name}/obj/{name}.csproj.layers.g.targets", $"""
            <Project><Import Project="{Repository.PathOf("build", "LambdaLayers.Containers.targets")}" /></Project>
            """);
        return _sandbox.WriteProject(name, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);
    }

    private async Task<IReadOnlyList<string?>> PropertiesAsync(string project, params string[] names)
    {
        // One name alone would be printed bare.
        var result = (await _sandbox.RunAsync("msbuild", project, $"-getProperty:{string.Join(',', names)}")).EnsureSucceeded();
        using var json = JsonDocument.Parse(result.Output);
        var properties = json.RootElement.GetProperty("Properties");
        return [.. names.Select(name => properties.GetProperty(name).GetString())];
    }
}
