using System.Formats.Tar;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Functions;

/// <summary>Each kind of function: the image is what AWS's documented Dockerfile for it gives.</summary>
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

    // FROM public.ecr.aws/lambda/dotnet:10 / COPY publish/* ${LAMBDA_TASK_ROOT} / CMD [ "assembly::type::method" ]
    // (https://docs.aws.amazon.com/lambda/latest/dg/csharp-image.html)
    [Test]
    public async Task A_class_library_keeps_the_entry_point_and_has_its_handler_as_command()
    {
        var project = Sample.CopyTo(_sandbox, "ClassLibraryFunction");

        await PublishAsync(project, "lambda/dotnet:10");

        var image = await PushedImage.ReadAsync(_registry, "class-library-function:latest");
        AssertRunsAs(image, SyntheticBase.RunConfig(dotnet: true),
            "ClassLibraryFunction::ClassLibraryFunction.Function::HandleAsync");
        Assert.That(image.Files(^1), Is.EquivalentTo(new[]
        {
            "var/task/ClassLibraryFunction.deps.json", "var/task/ClassLibraryFunction.dll",
            "var/task/ClassLibraryFunction.pdb", "var/task/ClassLibraryFunction.runtimeconfig.json",
        }));
        Assert.That(image.Files(^2), Is.EqualTo(new[] { "var/task/ICSharpCode.SharpZipLib.dll" }));
    }

    [Test]
    public async Task An_executable_has_its_assembly_as_command()
    {
        var project = Sample.CopyTo(_sandbox, "ExecutableFunction");

        await PublishAsync(project, "lambda/dotnet:10");

        var image = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        AssertRunsAs(image, SyntheticBase.RunConfig(dotnet: true), "ExecutableFunction");
        Assert.That(image.Files(^1), Does.Contain("var/task/ExecutableFunction.dll"));
    }

    // FROM public.ecr.aws/lambda/provided:al2023 / COPY bootstrap ${LAMBDA_RUNTIME_DIR} / CMD [ "function.handler" ]
    // (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html)
    [Test]
    public async Task A_self_contained_executable_is_the_bootstrap()
    {
        var project = Sample.CopyTo(_sandbox, "ExecutableFunction");

        await PublishAsync(project, "lambda/provided:al2023", "-r", "linux-x64", "-p:PublishSelfContained=true");

        var image = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        AssertRunsAs(image, SyntheticBase.RunConfig(), "ExecutableFunction");
        AssertBootstrapIs(image, "/var/task/ExecutableFunction");
        Assert.That(image.Files(^2), Does.Contain("var/task/libcoreclr.so").And.Contain("var/task/System.Private.CoreLib.dll"));
        Assert.That(image.Files(^1), Does.Not.Contain("var/task/libcoreclr.so").And.Contain("var/task/ExecutableFunction"));
    }

    [Test]
    public async Task A_native_executable_is_the_bootstrap()
    {
        // Native AOT links with either.
        if (!OnPath("clang"))
            Tools.Require("gcc");
        var project = Sample.CopyTo(_sandbox, "NativeAotFunction");

        await PublishAsync(project, "lambda/provided:al2023");

        var image = await PushedImage.ReadAsync(_registry, "native-aot-function:latest");
        AssertRunsAs(image, SyntheticBase.RunConfig(), "NativeAotFunction");
        AssertBootstrapIs(image, "/var/task/NativeAotFunction");
        Assert.That(image.Files(^1), Is.EqualTo(new[] { "var/task/NativeAotFunction" }));
    }

    // The Dockerfiles' COPY --from=… /opt /opt adds files, and nothing to the configuration.
    [Test]
    public async Task An_extension_project_and_a_built_layer_leave_the_configuration_alone()
    {
        Sample.CopyTo(_sandbox, "AuditExtension");
        var function = Sample.CopyTo(_sandbox, "FunctionWithExtension");
        var built = Sample.CopyTo(_sandbox, "BuiltLayer");

        await PublishAsync(function, "lambda/provided:al2023");
        await PublishAsync(built, "lambda/dotnet:10");

        AssertRunsAs(await PushedImage.ReadAsync(_registry, "function-with-extension:latest"),
            SyntheticBase.RunConfig(), "FunctionWithExtension");
        AssertRunsAs(await PushedImage.ReadAsync(_registry, "built-layer:latest"),
            SyntheticBase.RunConfig(dotnet: true), "BuiltLayer");
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
    }

    [Test]
    public async Task An_output_folder_of_the_command_line_keeps_all_files()
    {
        var project = Sample.CopyTo(_sandbox, "ClassLibraryFunction");
        var output = Path.Combine(_sandbox.Path, "out");

        await PublishAsync(project, "lambda/dotnet:10", "-o", output);

        var image = await PushedImage.ReadAsync(_registry, "class-library-function:latest");
        Assert.That(File.Exists(Path.Combine(output, "ICSharpCode.SharpZipLib.dll")));
        Assert.That(image.Files(^1), Does.Not.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
        Assert.That(image.Files(^2), Is.EqualTo(new[] { "var/task/ICSharpCode.SharpZipLib.dll" }));
    }

    [Test]
    public async Task Dependencies_stay_with_the_code_when_they_are_not_to_be_split()
    {
        var project = Sample.CopyTo(_sandbox, "ClassLibraryFunction");

        await PublishAsync(project, "lambda/dotnet:10", "-p:LambdaSplitDependencies=false");

        var image = await PushedImage.ReadAsync(_registry, "class-library-function:latest");
        Assert.That(image.Files(^1), Does.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
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
            AssertRunsAs(image, SyntheticBase.RunConfig(dotnet: true),
                "ClassLibraryFunction::ClassLibraryFunction.Function::HandleAsync");
            Assert.That(image.Files(^1), Does.Contain("var/task/ClassLibraryFunction.dll"));
            Assert.That(image.Files(^2), Does.Contain("var/task/ICSharpCode.SharpZipLib.dll"));
        }
    }

    [Test]
    public async Task A_base_without_an_entry_point_starts_the_executable()
    {
        var project = Sample.CopyTo(_sandbox, "ExecutableFunction");

        (await _sandbox.PublishAsync(project, "-r", "linux-x64", "-p:PublishSelfContained=true",
            $"-p:ContainerRegistry={_registry.Host}", "-p:ContainerBaseImage=scratch")).EnsureSucceeded();

        var image = await PushedImage.ReadAsync(_registry, "executable-function:latest");
        Assert.That(image.RunConfig["Entrypoint"]!.ToJsonString(), Is.EqualTo("[\"/var/task/ExecutableFunction\"]"));
    }

    private static bool OnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, tool)));

    private async Task PublishAsync(string project, string baseImage, params string[] arguments) =>
        (await _sandbox.PublishAsync(project,
            [$"-p:ContainerRegistry={_registry.Host}", $"-p:ContainerBaseImage={_registry.Host}/{baseImage}", .. arguments]))
            .EnsureSucceeded();

    private static void AssertRunsAs(PushedImage image, JsonObject expected, string command)
    {
        expected["Cmd"] = new JsonArray(command);
        Assert.That(Sorted(image.RunConfig), Is.EqualTo(Sorted(expected)));
        Assert.That((string?)image.Config["os"], Is.EqualTo("linux"));
    }

    private static void AssertBootstrapIs(PushedImage image, string target)
    {
        var layer = image.Layers.Single(entries => entries.Any(e => e.Name == "var/runtime/bootstrap" && e.LinkName.Length > 0));
        Assert.That(layer.Select(e => e.Name.TrimEnd('/')), Is.EqualTo(new[] { "var", "var/runtime", "var/runtime/bootstrap" }));
        Assert.That(layer[^1].Type, Is.EqualTo(TarEntryType.SymbolicLink));
        Assert.That(layer[^1].LinkName, Is.EqualTo(target));
    }

    private static string Sorted(JsonObject json) =>
        new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
