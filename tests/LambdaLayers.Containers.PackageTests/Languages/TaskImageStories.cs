using System.Text.Json.Nodes;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Languages;

/// <summary>A function that is a folder, in a project without C#: from the project file to the registry.</summary>
public sealed class TaskImageStories
{
    private const string Python = "lambda/python:3.13";

    private DotnetSandbox _sandbox = null!;
    private EmbeddedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _sandbox = await DotnetSandbox.CreateAsync();
        _registry = await EmbeddedRegistry.StartAsync();
        await SyntheticBase.PushPlainAsync(_registry, "lambda/python", "3.13");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _sandbox?.Dispose();
    }

    [Test]
    public async Task A_folder_and_what_a_command_made_become_two_layers_of_AWSs_base()
    {
        Write("orders/src/app.py", "def lambda_handler(event, context):\n    return 1\n");
        Write("orders/src/__pycache__/app.cpython-313.pyc", "x");
        Write("orders/src/tests/test_app.py", "x");
        Write("orders/requirements.txt", "thing==1.0\n");
        Write("orders/layers/tools/bin/tool", "#!/bin/sh\n");
        var project = WriteProject("orders", """
            <LambdaTaskDirectory>src</LambdaTaskDirectory>
            <LambdaHandler>app.lambda_handler</LambdaHandler>
            <LambdaTaskBuildCommand>mkdir {output}/thing; echo "made $RANDOM" &gt; {output}/thing/__init__.py; cp requirements.txt {output}/thing/</LambdaTaskBuildCommand>
            <LambdaTaskBuildInputs>requirements.txt</LambdaTaskBuildInputs>
            <ContainerUser>nobody</ContainerUser>
            """, """
            <LambdaLayer Include="layers/tools/" />
            <ContainerEnvironmentVariable Include="STAGE" Value="a:b" />
            <ContainerLabel Include="team" Value="shop" />
            <ContainerPort Include="8080" />
            """);

        var built = (await _sandbox.BuildAsync(project)).EnsureSucceeded();
        var madeByBuild = Directory.Exists(_sandbox.File("src", "orders", "bin"));
        var first = await PublishAsync(project);
        var image = await PushedImage.ReadAsync(_registry, "orders:1");
        _registry.Clear();
        await PublishAsync(project);
        var again = _registry.Requests.Where(r => r.Path.StartsWith("/v2/orders/", StringComparison.Ordinal)).ToList();
        Write("orders/src/app.py", "def lambda_handler(event, context):\n    return 2\n");
        _registry.Clear();
        await PublishAsync(project);
        var changed = await PushedImage.ReadAsync(_registry, "orders:1");

        Assert.Multiple(() =>
        {
            Assert.That(BuildLog.Of(built).OwnTasks, Is.Empty, "a build does nothing");
            Assert.That(madeByBuild, Is.False);
            Assert.That(image.Files(^1), Is.EqualTo(new[] { "var/task/app.py" }));
            Assert.That(image.Files(^2), Is.EqualTo(new[] { "var/task/thing/__init__.py", "var/task/thing/requirements.txt" }));
            Assert.That(image.Files(^3), Is.EqualTo(new[] { "opt/bin/tool" }));
            Assert.That(image.Layers, Has.Count.EqualTo(5), "two of the base");
            var run = SyntheticBase.RunConfig();
            run["Cmd"] = new JsonArray("app.lambda_handler");
            run["Env"]!.AsArray().Add((JsonNode)"STAGE=a:b");
            run["ExposedPorts"] = new JsonObject { ["8080/tcp"] = new JsonObject() };
            run["User"] = "nobody";
            Assert.That(Sorted(image.RunConfig), Is.EqualTo(Sorted(run)), "the base's config and what the project says");
            Assert.That((string?)image.Config["config"]!["Labels"]!["team"], Is.EqualTo("shop"));
            Assert.That(again, Has.Count.EqualTo(1), "the tag's manifest");
            Assert.That(changed.LayerDigests.SkipLast(1), Is.EqualTo(image.LayerDigests.SkipLast(1)), "the command did not run again");
            Assert.That(_registry.UploadedBlobs("orders"), Is.EqualTo(2), "the folder's layer and the config");
            Assert.That(_registry.UploadedBytes("orders"), Is.LessThan(10_000));
            Assert.That(image.LayerDigests.Select(IsCached).TakeLast(2), Is.EqualTo(new[] { true, false }), "the cache is for what stays");
            Assert.That(first.Output, Does.Contain("layer  LambdaTaskBuildCommand").And.Not.Contain("warning "));
        });
    }

    private bool IsCached(string digest) =>
        File.Exists(Path.Combine(_sandbox.CacheHome, "lambda-layers", "v1", "blobs", "sha256", digest["sha256:".Length..]));

    [Test]
    public async Task One_solution_publishes_functions_with_and_without_NET()
    {
        Write("python/src/app.py", "def lambda_handler(event, context):\n    return 1\n");
        WriteProject("python", """
            <LambdaTaskDirectory>src</LambdaTaskDirectory>
            <LambdaHandler>app.lambda_handler</LambdaHandler>
            """);
        Write("go/main.go", "package main\n");
        // A program made by its compiler: the command's output is all there is.
        WriteProject("go", $"""
            <LambdaTaskBuildCommand>(echo '#!/bin/sh'; cat main.go) > {"{output}"}/bootstrap; chmod +x {"{output}"}/bootstrap</LambdaTaskBuildCommand>
            <LambdaTaskBuildInputs>*.go</LambdaTaskBuildInputs>
            <ContainerBaseImage>{_registry.Host}/lambda/provided:al2023</ContainerBaseImage>
            """);
        using var pusher = new RegistryPusher(_registry.Uncounted);
        await pusher.PushIndexAsync("lambda/provided", "al2023", SyntheticBase.Documented(), SyntheticBase.Documented("arm64"));
        new FunctionProject().Write(_sandbox);
        (await _sandbox.RunAsync("new", "sln", "--name", "shop")).EnsureSucceeded();
        (await _sandbox.RunAsync("sln", "add", "src/python/python.proj", "src/go/go.proj", "src/Fn/Fn.csproj")).EnsureSucceeded();
        var solution = Directory.EnumerateFiles(_sandbox.Path, "shop.sln*").Single();

        (await _sandbox.BuildAsync(solution)).EnsureSucceeded();
        (await _sandbox.PublishAsync(solution, $"-p:ContainerRegistry={_registry.Host}")).EnsureSucceeded();

        Assert.That((await PushedImage.ReadAsync(_registry, "python:1")).Files(^1), Is.EqualTo(new[] { "var/task/app.py" }));
        var go = await PushedImage.ReadAsync(_registry, "go:1");
        Assert.That(go.Files(^1), Is.EqualTo(new[] { "var/task/bootstrap" }));
        Assert.That(go.Layers[^2].Single(e => e.Name.EndsWith("bootstrap", StringComparison.Ordinal)).LinkName,
            Is.EqualTo("/var/task/bootstrap"));
        Assert.That(go.RunConfig["Cmd"]!.ToJsonString(), Is.EqualTo("""["bootstrap"]"""));
    }

    [Test]
    public async Task What_cannot_work_is_one_error_each_and_nothing_is_pushed()
    {
        const string Source = "<LambdaTaskDirectory>src</LambdaTaskDirectory>";
        const string Handler = "<LambdaHandler>app.lambda_handler</LambdaHandler>";
        (string Code, string Properties, string Says)[] cases =
        [
            ("LLC2330", "", "LambdaTaskDirectory"),
            ("LLC2331", Source + "<ContainerBaseImage />", "public.ecr.aws/lambda/python:3.13"),
            ("LLC2332", "<LambdaTaskDirectory>sources</LambdaTaskDirectory>", "sources"),
            ("LLC2333", "<LambdaTaskDirectory>empty</LambdaTaskDirectory>", "empty"),
            ("LLC2334", Source, "LambdaHandler"),
            ("LLC2335", Source + "<LambdaRuntime>provided.al2023</LambdaRuntime>", "bootstrap"),
            ("LLC2336", Source + "<LambdaRuntime>cobol</LambdaRuntime>", "cobol"),
            ("LLC2337", Source + Handler + "<LambdaExecWrapper>otel-instrument</LambdaExecWrapper>", "otel-instrument"),
            ("LLC3560", Source + "<LambdaHandler>ap.lambda_handler</LambdaHandler>", "/var/task/ap.py"),
            ("LLC3561", Source + "<LambdaHandler>app.handler</LambdaHandler>", "it defines lambda_handler"),
            ("LLC3562", Source + Handler + "<LambdaRuntime>nodejs22.x</LambdaRuntime>", "public.ecr.aws/lambda/python:"),
            ("LLC2412", "<LambdaTaskBuildCommand>echo no such package; exit 3</LambdaTaskBuildCommand>", "no such package"),
        ];
        Write("fn/src/app.py", "def lambda_handler(event, context):\n    return 1\n");
        Write("fn/empty/__pycache__/app.pyc", "x");
        WriteProject("fn", string.Concat(cases.Select(c =>
            $"</PropertyGroup><PropertyGroup Condition=\"'$(Case)' == '{c.Code}'\">{c.Properties}")));
        // One build for all of them: what is looked at here is not the command line.
        var all = _sandbox.Write("src/all.proj", $"""
            <Project>
              <ItemGroup>
                {string.Concat(cases.Select(c => $"<Case Include=\"fn/fn.proj\" AdditionalProperties=\"Case={c.Code}\" />"))}
              </ItemGroup>
              <Target Name="Publish">
                <MSBuild Projects="@(Case)" Targets="Publish" Properties="ContainerRegistry={_registry.Host}" ContinueOnError="ErrorAndContinue" />
              </Target>
            </Project>
            """);

        var result = await _sandbox.MSBuildAsync(all, "-t:Publish");

        var errors = BuildLog.Of(result).Errors.Where(error => error.Code.StartsWith("LLC", StringComparison.Ordinal)).ToList();
        Assert.That(errors.Select(error => error.Code), Is.EquivalentTo(cases.Select(c => c.Code)), result.Output);
        foreach (var (code, _, says) in cases)
            Assert.That(errors.Single(error => error.Code == code).Text, Does.Contain(says));
        Assert.That(_registry.UploadedBlobs(), Is.Zero);
    }

    private string WriteProject(string name, string properties, string items = "") => _sandbox.Write($"src/{name}/{name}.proj", $"""
        <Project Sdk="LambdaLayers.Containers/{_sandbox.Package!.Version}">
          <PropertyGroup>
            <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
            <ContainerBaseImage>{_registry.Host}/{Python}</ContainerBaseImage>
            <ContainerImageTag>1</ContainerImageTag>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
        </Project>
        """);

    private void Write(string path, string text) => _sandbox.Write($"src/{path}", text);

    private async Task<DotnetResult> PublishAsync(string project) =>
        (await _sandbox.PublishAsync(project, $"-p:ContainerRegistry={_registry.Host}")).EnsureSucceeded();

    private static string Sorted(JsonObject run)
    {
        var sorted = new JsonObject();
        foreach (var (name, value) in run.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal))
            sorted[name] = value!.DeepClone();
        return sorted.ToJsonString();
    }
}
