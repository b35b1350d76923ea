using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.PackageTests.Samples;

/// <summary>
/// Each sample, published by the commands in its README onto copies of AWS's base images that run: the image is started as
/// Lambda starts it, and the function answers. Its configuration is what AWS's documented Dockerfiles give:
/// https://docs.aws.amazon.com/lambda/latest/dg/csharp-image.html, https://docs.aws.amazon.com/lambda/latest/dg/images-create.html.
/// </summary>
[TestFixture]
public sealed class RunningSampleStories : SampleStoriesBase
{
    [Test]
    public async Task Quickstart_starts_on_an_empty_base_that_got_what_it_lacks()
    {
        var command = Sample.Commands("Quickstart")[0];
        var project = Sample.CopyTo(Sandbox, "Quickstart");

        var result = await PublishAsync(project, command);
        var archive = Path.Combine(Path.GetDirectoryName(project)!, "bin", "quickstart.tar.gz");
        var files = await ImageArchive.FilesAsync(archive);
        Assert.Multiple(() =>
        {
            Assert.That(files, Does.Contain("opt/greetings/en.txt").And.Contain("opt/bin/whereami").And.Contain("var/task/Quickstart"));
            Assert.That(result.Output, Does.Match(@"Lambda image quickstart:\S+"));
            Assert.That(result.Output, Does.Match(@"  base   scratch"));
            Assert.That(result.Output, Does.Match(@"  layer  layers/tools/ +/opt  1 file  [\d.]+ K?B  sha256:[0-9a-f]{12}"));
            Assert.That(result.Output, Does.Match(@"  layer  layers/greetings.zip +/opt  \d files?  [\d.]+ K?B  sha256:[0-9a-f]{12}"));
            Assert.That(result.Output, Does.Not.Contain("  cached"), "nothing was before this publish");
            Assert.That(result.Output, Does.Contain($"  to     {archive}  sha256:"));
        });
        Assert.That(await ImageArchive.LayerCountAsync(archive), Is.EqualTo(3), "two layers and the app");
        var image = await ImageRoot.UnpackAsync($"docker-archive:{archive}", Root);
        await image.AddHostSystemAsync();
        await using var running = await RunningImage.StartAsync(image, Patience);

        Assert.That(image.Arguments, Is.EqualTo(new[] { "/var/task/Quickstart", "Quickstart" }));
        Assert.That((await running.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(await File.ReadAllTextAsync(Repository.PathOf("README.md")), Does.Contain(command), "the first command of all");
    }

    [Test]
    public async Task Quickstart_starts_on_AWSs_base_and_LayerImage_is_a_layer_of_it()
    {
        await PushProvidedAsync();
        var layer = Sample.CopyTo(Sandbox, "LayerImage");
        var project = Sample.CopyTo(Sandbox, "Quickstart");

        var result = await PublishAsync(project, Sample.Commands("Quickstart")[1], "lambda/provided:al2023");
        var image = await UnpackAsync("quickstart:latest");
        await using var running = await RunningImage.StartAsync(image, Patience);
        var whereami = await ToolRunner.RunAsync(image.Command(["whereami"]), CancellationToken.None);

        Assert.That(image.Arguments, Is.EqualTo(new[] { "/lambda-entrypoint.sh", "Quickstart" }));
        Assert.That((await running.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(whereami.StandardOutput, Is.Not.Empty, "the program of the folder layer is on the PATH");
        Assert.That(result.Output, Does.Contain($"  to     {Registry.Host}/quickstart  sha256:"));
        Assert.That(Path.Combine(Path.GetDirectoryName(project)!, "bin", "quickstart.tar.gz"), Does.Not.Exist);
        AssertNoWarning(result);

        var text = await File.ReadAllTextAsync(project);
        await File.WriteAllTextAsync(project, text.Replace(
            "</Project>", $"<ItemGroup><LambdaLayer Include=\"{Registry.Host}/tools-layer:1\" /></ItemGroup></Project>",
            StringComparison.Ordinal));
        await PublishAsync(layer, Sample.Commands("LayerImage").Single());
        await PublishAsync(project, Sample.Commands("Quickstart")[1], "lambda/provided:al2023", "--no-build");
        var withLayer = await UnpackAsync("quickstart:latest");
        await using var again = await RunningImage.StartAsync(withLayer, Patience);
        var hello = await ToolRunner.RunAsync(withLayer.Command(["hello"]), CancellationToken.None);

        Assert.That((await again.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(hello.StandardOutput, Is.Not.Empty);
    }

    [Test]
    public async Task FunctionWithExtension_answers_and_its_extension_hears_of_it()
    {
        await PushProvidedAsync();
        Sample.CopyTo(Sandbox, "AuditExtension");
        var project = Sample.CopyTo(Sandbox, "FunctionWithExtension");

        var result = await PublishAsync(project, Sample.Commands("FunctionWithExtension").Single(), "lambda/provided:al2023");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("function-with-extension:latest"), Patience);
        var answer = await running.InvokeAsync("\"Ada\"");
        var extension = (await running.ShutdownAsync()).Single();

        Assert.That(answer.Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(extension.StandardOutput, Does.Contain($"request {answer.RequestId}").And.Contain("1 invocations in all"));
        // The Dockerfiles' COPY --from=… /opt /opt adds files, and nothing to the configuration.
        var pushed = await ReadAsync("function-with-extension:latest");
        pushed.AssertRunsAs(SyntheticBase.RunConfig(), "FunctionWithExtension");
        Assert.That(Enumerable.Range(0, pushed.Layers.Count).Select(i => pushed.Files(i)), Has.Some.EqualTo(new[] { "opt/extensions/AuditExtension" }),
            "a layer of one file");
        AssertNoWarning(result);
    }

    [Test]
    public async Task BuiltLayer_answers_with_what_its_command_made()
    {
        await PushDotnetAsync();
        var project = Sample.CopyTo(Sandbox, "BuiltLayer");

        var result = await PublishAsync(project, Sample.Commands("BuiltLayer").Single(), "lambda/dotnet:10");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("built-layer:latest"), Patience);

        Assert.That((await running.InvokeAsync("{}")).Body, Does.Contain("Built layer").And.Contain("Made by a BuildCommand"));
        (await ReadAsync("built-layer:latest")).AssertRunsAs(SyntheticBase.RunConfig(dotnet: true), "BuiltLayer");
        AssertNoWarning(result);
    }

    [Test]
    public async Task ExecutableFunction_answers_with_AWSs_NET()
    {
        await PushDotnetAsync();
        var project = Sample.CopyTo(Sandbox, "ExecutableFunction");

        var result = await PublishAsync(project, Sample.Commands("ExecutableFunction").Single(), "lambda/dotnet:10");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("executable-function:latest"), Patience);

        Assert.That((await running.InvokeAsync("12345")).Body, Is.EqualTo("{\"received\":5}"));
        var pushed = await ReadAsync("executable-function:latest");
        pushed.AssertRunsAs(SyntheticBase.RunConfig(dotnet: true), "ExecutableFunction");
        Assert.That(pushed.Files(^1), Does.Contain("var/task/ExecutableFunction.dll"));
        AssertNoWarning(result);
    }

    [Test]
    public async Task ExecutableFunction_answers_with_NET_of_its_own()
    {
        await PushProvidedAsync();
        var project = Sample.CopyTo(Sandbox, "ExecutableFunction");

        // ICU is in AWS's image, and not in the copy.
        await PublishAsync(project, Sample.Commands("ExecutableFunction").Single(), "lambda/provided:al2023",
            "-r", "linux-x64", "-p:PublishSelfContained=true", "-p:InvariantGlobalization=true");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("executable-function:latest"), Patience);

        Assert.That((await running.InvokeAsync("12345")).Body, Is.EqualTo("{\"received\":5}"));
        var pushed = await ReadAsync("executable-function:latest");
        pushed.AssertRunsAs(SyntheticBase.RunConfig(), "ExecutableFunction");
        pushed.AssertBootstrapIs("/var/task/ExecutableFunction");
        Assert.That(pushed.Files(^2), Does.Contain("var/task/libcoreclr.so").And.Contain("var/task/System.Private.CoreLib.dll"));
        Assert.That(pushed.Files(^1), Does.Not.Contain("var/task/libcoreclr.so").And.Contain("var/task/ExecutableFunction"));
    }

    [Test]
    public async Task NativeAotFunction_answers()
    {
        // Native AOT links with either.
        if (Tools.Find("clang") is null)
            Tools.Require("gcc");
        await PushProvidedAsync();
        var project = Sample.CopyTo(Sandbox, "NativeAotFunction");

        var result = await PublishAsync(project, Sample.Commands("NativeAotFunction").Single(), "lambda/provided:al2023");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("native-aot-function:latest"), Patience);

        Assert.That((await running.InvokeAsync("12345")).Body, Is.EqualTo("{\"received\":5}"));
        var pushed = await ReadAsync("native-aot-function:latest");
        pushed.AssertRunsAs(SyntheticBase.RunConfig(), "NativeAotFunction");
        pushed.AssertBootstrapIs("/var/task/NativeAotFunction");
        Assert.That(pushed.Files(^1), Is.EqualTo(new[] { "var/task/NativeAotFunction" }));
        AssertNoWarning(result);
    }

    [Test]
    public async Task ClassLibraryFunction_answers_from_its_dependencies_layer()
    {
        await PushDotnetAsync();
        var project = Sample.CopyTo(Sandbox, "ClassLibraryFunction");

        var result = await PublishAsync(project, Sample.Commands("ClassLibraryFunction").Single(), "lambda/dotnet:10");
        await using var running = await RunningImage.StartAsync(await UnpackAsync("class-library-function:latest"), Patience);

        Assert.That((await running.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"b8d3ccdf\""));
        Assert.That(result.Output, Does.Contain("warning LLC2311"), "the copy has no Amazon.Lambda.Core");
        var pushed = await ReadAsync("class-library-function:latest");
        pushed.AssertRunsAs(SyntheticBase.RunConfig(dotnet: true), "ClassLibraryFunction::ClassLibraryFunction.Function::HandleAsync");
        Assert.That(pushed.Files(^1), Is.EquivalentTo(new[]
        {
            "var/task/ClassLibraryFunction.deps.json", "var/task/ClassLibraryFunction.dll",
            "var/task/ClassLibraryFunction.pdb", "var/task/ClassLibraryFunction.runtimeconfig.json",
        }));
        Assert.That(pushed.Files(^2), Is.EqualTo(new[] { "var/task/ICSharpCode.SharpZipLib.dll" }));
    }

    [Test]
    public void Every_sample_is_started() =>
        Assert.That(
            Directory.GetDirectories(Repository.PathOf("samples")).Select(Path.GetFileName),
            Is.EquivalentTo(new[]
            {
                // Those of RecipeStories.
                "CustomRuntime", "LayerInTheBuild", "LogExtensionImage", "PythonWithLogExtension", "SharedImages", "SquashedLayers",
                "AuditExtension", "BuiltLayer", "ClassLibraryFunction", "ExecutableFunction", "FunctionWithExtension", "LayerImage",
                "NativeAotFunction", "Quickstart",
            }));

    private Task<string> PushProvidedAsync() => SyntheticBase.PushRunnableAsync(Registry, "lambda/provided", "al2023");

    private Task<string> PushDotnetAsync() => SyntheticBase.PushRunnableAsync(Registry, "lambda/dotnet", "10", dotnetBootstrap: true);

    private Task<PushedImage> ReadAsync(string name) => PushedImage.ReadAsync(Registry, name);

    // CONTAINER2022 is the one that says that the base image's entry point is overwritten.
    private static void AssertNoWarning(DotnetResult result) => Assert.That(result.Output, Does.Not.Contain("warning "));
}
