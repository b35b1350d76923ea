using System.Text.Json;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.Tests.Evaluation;

/// <summary>What the props and targets make of a project, asked of the real MSBuild without a restore.</summary>
[TestFixture]
public sealed class FunctionDefaultsTests
{
    private const string Executable = "<OutputType>Exe</OutputType>";
    private const string Lambda = "<AWSProjectType>Lambda</AWSProjectType>";

    private static readonly string[] Asked =
    [
        "LambdaFunctionDefaults", "ContainerBaseImage", "ContainerWorkingDirectory", "ContainerAppCommandInstruction",
        "GenerateRuntimeConfigurationFiles", "LambdaSplitDependencies", "ContainerRuntimeIdentifier", "ContainerRepository",
        "ContainerImageTag", "AwsRegion", "AwsProfile", "LambdaFunctionName", "LambdaFunctionRole", "LambdaMemorySize",
        "LambdaTimeout", "EnableSdkContainerSupport",
    ];

    private DotnetSandbox _sandbox = null!;

    [SetUp]
    public async Task StartAsync() => _sandbox = await DotnetSandbox.CreateAsync(null);

    [TearDown]
    public void Stop() => _sandbox.Dispose();

    [Test]
    public async Task A_project_that_says_nothing_of_Lambda_stays_as_it_is()
    {
        var (properties, _) = await EvaluateAsync(Executable);

        Assert.That(properties["LambdaFunctionDefaults"], Is.EqualTo("false"));
        Assert.That(properties["ContainerBaseImage"], Does.StartWith("mcr.microsoft.com/"));
        Assert.That(properties["ContainerWorkingDirectory"], Is.EqualTo("/app/").Or.Empty);
    }

    [TestCase(Lambda, "")]
    [TestCase("<LambdaHandler>App::App.Function::Handle</LambdaHandler>", "")]
    [TestCase("", "{}")]
    public async Task Three_things_say_that_a_project_is_a_function(string property, string json)
    {
        var (properties, _) = await EvaluateAsync(property, json);

        Assert.That(properties["LambdaFunctionDefaults"], Is.EqualTo("true"));
        Assert.That(properties["ContainerBaseImage"], Is.EqualTo("public.ecr.aws/lambda/dotnet:10"));
        Assert.That(properties["ContainerWorkingDirectory"], Is.EqualTo("/var/task/"));
        Assert.That(properties["ContainerAppCommandInstruction"], Is.EqualTo("None"));
        Assert.That(properties["GenerateRuntimeConfigurationFiles"], Is.EqualTo("true"));
        Assert.That(properties["LambdaSplitDependencies"], Is.EqualTo("true"));
        Assert.That(properties["EnableSdkContainerSupport"], Is.EqualTo("true"));
    }

    [Test]
    public async Task They_can_be_switched_off()
    {
        var (properties, command) = await EvaluateAsync(
            Executable + Lambda + "<LambdaFunctionDefaults>false</LambdaFunctionDefaults>", """{"function-handler":"x"}""");

        Assert.That(properties["ContainerBaseImage"], Does.StartWith("mcr.microsoft.com/"));
        Assert.That(command, Is.Empty);
    }

    [TestCase("<TargetFramework>net9.0</TargetFramework>", "public.ecr.aws/lambda/dotnet:9")]
    [TestCase("<PublishSelfContained>true</PublishSelfContained>", "public.ecr.aws/lambda/provided:al2023")]
    [TestCase("<SelfContained>true</SelfContained>", "public.ecr.aws/lambda/provided:al2023")]
    [TestCase("<PublishAot>true</PublishAot>", "public.ecr.aws/lambda/provided:al2023")]
    [TestCase("<ContainerBaseImage>registry.example/base:12</ContainerBaseImage>", "registry.example/base:12")]
    public async Task The_base_follows_from_framework_and_publish_mode(string property, string expected)
    {
        var (properties, _) = await EvaluateAsync(Executable + Lambda + property);

        Assert.That(properties["ContainerBaseImage"], Is.EqualTo(expected));
    }

    [TestCase("<OutputType>Exe</OutputType>", "", "App")]
    [TestCase("<OutputType>Exe</OutputType><AssemblyName>Api</AssemblyName>", "", "Api")]
    [TestCase("", """{"function-handler":"App::App.F::H"}""", "App::App.F::H")]
    [TestCase("", """{"function-handler":"App::App.F::H","image-command":"App::App.F::G"}""", "App::App.F::G")]
    [TestCase("<LambdaHandler>App::App.F::Mine</LambdaHandler>", """{"image-command":"App::App.F::G"}""", "App::App.F::Mine")]
    public async Task The_command_is_the_handler_or_the_executables_name(string property, string json, string expected)
    {
        var (_, command) = await EvaluateAsync(Lambda + property, json);

        Assert.That(command, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task A_class_library_without_a_handler_has_no_command()
    {
        var (_, command) = await EvaluateAsync(Lambda);

        Assert.That(command, Is.Empty);
    }

    [Test]
    public async Task The_settings_of_AWSs_tools_fill_what_is_empty()
    {
        const string Json = """
            {
              "profile": "dev", "region": "eu-central-1", "function-architecture": "arm64", "function-name": "orders",
              "function-role": "arn:aws:iam::123456789012:role/orders", "function-memory-size": 512, "function-timeout": 30,
              "image-tag": "Orders:7", "unknown-key": "left alone"
            }
            """;

        var (properties, _) = await EvaluateAsync("<LambdaTimeout>60</LambdaTimeout>", Json);

        Assert.That(properties["AwsProfile"], Is.EqualTo("dev"));
        Assert.That(properties["AwsRegion"], Is.EqualTo("eu-central-1"));
        Assert.That(properties["ContainerRuntimeIdentifier"], Is.EqualTo("linux-arm64"));
        Assert.That(properties["LambdaFunctionName"], Is.EqualTo("orders"));
        Assert.That(properties["LambdaFunctionRole"], Is.EqualTo("arn:aws:iam::123456789012:role/orders"));
        Assert.That(properties["LambdaMemorySize"], Is.EqualTo("512"));
        Assert.That(properties["LambdaTimeout"], Is.EqualTo("60"));
        Assert.That(properties["ContainerRepository"], Is.EqualTo("orders"));
        Assert.That(properties["ContainerImageTag"], Is.EqualTo("7"));
    }

    [Test]
    public async Task A_runtime_identifier_of_the_project_wins_over_the_architecture_of_AWSs_tools()
    {
        var (properties, _) = await EvaluateAsync(
            "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>", """{"function-architecture":"arm64"}""");

        Assert.That(properties["ContainerRuntimeIdentifier"], Is.EqualTo("linux-x64"));
    }

    [Test]
    public async Task Broken_settings_are_an_error_with_the_line()
    {
        var result = await RunAsync(Lambda, "{\n\"region\"\n}");

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Output, Does.Contain("error LLC2305").And.Contain("line 3"));
    }

    [Test]
    public async Task Settings_that_a_running_build_cannot_take_over_are_a_warning()
    {
        var result = await RunAsync(Lambda, """{"configuration":"Profiling","msbuild-parameters":"--self-contained true"}""");

        Assert.That(result.Output, Does.Contain("warning LLC2307").And.Contain("Profiling").And.Contain("--self-contained true"));
    }

    // The computed config, without a restore or a build: the SDK's own target for it needs none.
    private async Task<(Dictionary<string, string> Properties, string[] Command)> EvaluateAsync(
        string property, string json = "")
    {
        var result = (await RunAsync(property, json)).EnsureSucceeded();
        using var document = JsonDocument.Parse(result.Output[result.Output.IndexOf('{', StringComparison.Ordinal)..]);
        var properties = document.RootElement.GetProperty("Properties").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString()!);
        var command = document.RootElement.GetProperty("Items").GetProperty("ContainerDefaultArgs").EnumerateArray()
            .Select(i => i.GetProperty("Identity").GetString()!);
        return (properties, [.. command]);
    }

    private async Task<DotnetResult> RunAsync(string property, string json)
    {
        var build = Repository.PathOf("build");
        var tasks = typeof(LayersTask).Assembly.Location;
        var project = _sandbox.WriteProject("App", $"""
            <Project>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <Import Project="{build}/LambdaLayers.Containers.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <LambdaLayersTasksAssembly>{tasks}</LambdaLayersTasksAssembly>
                {property}
              </PropertyGroup>
              <PropertyGroup>
                <CustomAfterMicrosoftCommonTargets>{build}/LambdaLayers.Containers.targets</CustomAfterMicrosoftCommonTargets>
              </PropertyGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
            </Project>
            """);
        if (json.Length > 0)
            _sandbox.Write("src/App/aws-lambda-tools-defaults.json", json);
        return await _sandbox.RunAsync(
            "msbuild", project, "-nologo", "-t:ComputeContainerConfig", "-p:_IsPublishing=true",
            $"-getProperty:{string.Join(',', Asked)}", "-getItem:ContainerDefaultArgs");
    }
}
