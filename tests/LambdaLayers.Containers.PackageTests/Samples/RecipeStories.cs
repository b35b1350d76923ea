using System.Text.Json.Nodes;
using LambdaLayers.Containers.PackageTests.Deployment;
using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Aws;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;
using LambdaLayers.Containers.TestKit.Zips;

namespace LambdaLayers.Containers.PackageTests.Samples;

/// <summary>
/// The samples that take the place of Dockerfiles: each is published by its README's command, started as Lambda starts it on copies of
/// AWS's bases with this machine's Python, Node.js and Java, and compared with what buildah makes of the README's Dockerfile.
/// </summary>
[TestFixture]
public sealed class RecipeStories : SampleStoriesBase
{
    [SetUp]
    public async Task GivePackagesAsync()
    {
        // The distribution's pip, and no package index: what it finds lies in a folder.
        Sandbox.Environment["PATH"] = $"/usr/bin:/bin:{Sandbox.Environment["PATH"]}";
        Sandbox.Environment["PIP_NO_INDEX"] = "1";
        Sandbox.Environment["PIP_FIND_LINKS"] = Path.GetDirectoryName(Sandbox.File("wheels", Wheel.Name));
        Sandbox.Environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
        await File.WriteAllBytesAsync(Sandbox.File("wheels", Wheel.Name), Wheel.Bytes);
    }

    [Test]
    public async Task Logs_of_a_Python_function_reach_the_extension_of_a_layer_image()
    {
        await PushPythonAsync();

        await PublishAsync(Sample.CopyTo(Sandbox, "LogExtensionImage"), Sample.Commands("LogExtensionImage").Single());
        await PublishAsync(CopyFunction("PythonWithLogExtension"), Sample.Commands("PythonWithLogExtension")[0], "lambda/python:3.13");
        await using var running = await RunningImage.StartAsync(await UnpackWithLanguagesAsync("log-extension-function:latest"), Patience);
        var answer = await running.InvokeAsync("\"Ada\"");
        await running.WaitForLogAsync("logs go to");
        var extension = (await running.ShutdownAsync()).Single();

        Assert.That(answer.Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(running.Lambda.Extensions, Is.EqualTo(["log-extension"]));
        Assert.That(running.Lambda.Log, Has.Member("telemetry").And.Member("SHUTDOWN log-extension"));
        Assert.That(extension.StandardOutput, Does.Contain("log: logs go to nowhere").And.Contain("1 records, ").And.Contain(" Bytes"));
        await AssertSameAsDockerfileAsync("LogExtensionImage", "log-extension-image", ["WorkingDir", "Env"]);
        await AssertSameAsDockerfileAsync("PythonWithLogExtension", "log-extension-function");
    }

    [Test]
    public async Task A_layer_that_the_build_installs_is_the_same_on_another_machine_and_stays_when_code_changes()
    {
        await PushPythonAsync();
        var command = Sample.Commands("LayerInTheBuild").Single();
        Sample.CopyTo(Sandbox, "LogExtensionImage");
        var project = Sample.CopyTo(Sandbox, "LayerInTheBuild");

        await PublishAsync(project, command, "lambda/python:3.13");
        await AssertSameAsDockerfileAsync("LayerInTheBuild", "layer-in-the-build", context: "");
        var result = await PublishAsync(project, command, "lambda/python:3.13", "-p:LambdaExecWrapper=/opt/first%3B/opt/second",
            WithWrappers(project));
        var image = await PushedImage.ReadAsync(Registry, "layer-in-the-build:latest");
        await using (var running = await RunningImage.StartAsync(await UnpackWithLanguagesAsync("layer-in-the-build:latest"), Patience))
        {
            Assert.That((await running.InvokeAsync("\"four\"")).Body, Is.EqualTo("\"4 Bytes\""));
            await running.WaitForLogAsync("received four");
            Assert.That((await running.ShutdownAsync()).Single().StandardOutput,
                Does.Contain("log: first second").And.Contain("log: received four"));
        }

        Registry.Clear();
        await File.AppendAllTextAsync(Sandbox.File("src", "LayerInTheBuild", "src", "app.py"), "\n# changed\n");
        await PublishAsync(project, command, "lambda/python:3.13", "-p:LambdaExecWrapper=/opt/first%3B/opt/second", WithWrappers(project));

        Assert.That(result.Output, Does.Contain("wrapper  /opt/first  starts the function").And.Not.Contain("warning "));
        Assert.That(Registry.UploadedBlobs("layer-in-the-build"), Is.EqualTo(2), "the code and the config");
        Assert.That(Registry.UploadedBytes("layer-in-the-build"), Is.LessThan(10_000));

        // Another machine: other folders, another Python, nothing cached.
        var python = Root.Folder("python");
        await ToolRunner.RunAsync("python3", "-m", "venv", python);
        using var other = await DotnetSandbox.CreateAsync();
        foreach (var name in Sandbox.Environment.Keys.Where(name => name.StartsWith("PIP_", StringComparison.Ordinal)))
            other.Environment[name] = Sandbox.Environment[name];
        other.Environment["PATH"] = $"{python}/bin:{Sandbox.Environment["PATH"]}";
        other.Environment["PIP_NO_CACHE_DIR"] = "1";
        Sample.CopyTo(other, "LogExtensionImage");
        (await other.PublishAsync(Sample.CopyTo(other, "LayerInTheBuild"),
        [
            .. Sample.ArgumentsOf(command, Registry.Host), $"-p:ContainerBaseImage={Registry.Host}/lambda/python:3.13",
                "-p:ContainerRepository=other",
        ])).EnsureSucceeded();
        var elsewhere = await PushedImage.ReadAsync(Registry, "other:latest");

        Assert.That(elsewhere.LayerDigests[^2], Is.EqualTo(image.LayerDigests[^2]), "the packages of the function");
        Assert.That(elsewhere.LayerDigests[^1], Is.EqualTo(image.LayerDigests[^1]), "its code");
        Assert.That(image.LayerDigests, Is.SupersetOf(elsewhere.LayerDigests), "and the extension's");
    }

    [Test]
    public async Task A_Node_function_takes_files_of_two_images()
    {
        await LanguageBase.PushNodeAsync(Registry);
        await PushSharedImagesAsync();

        var result = await PublishAsync(CopyFunction("SharedImages"), Sample.Commands("SharedImages").Single(), "lambda/nodejs:22");
        var image = await UnpackWithLanguagesAsync("shared-images:latest");
        await using var running = await RunningImage.StartAsync(image, Patience);

        Assert.That((await running.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(running.Lambda.Extensions, Is.EqualTo(["audit"]));
        Assert.That(File.Exists(Path.Combine(image.Path, "opt/elsewhere")), Is.False, "only its /opt/extensions was asked for");
        Assert.That(result.Output, Does.Not.Contain("warning "));
        await AssertSameAsDockerfileAsync("SharedImages", "shared-images");
    }

    [Test]
    public async Task Layers_of_two_accounts_are_one_image_that_a_Java_function_uses()
    {
        await LanguageBase.PushJavaAsync(Registry);
        await using var aws = await FakeAws.StartAsync();
        // The AWS SDK keeps credentials and endpoints for as long as its process lives.
        Sandbox.UsesBuildServer = false;
        foreach (var (name, value) in aws.Environment())
            Sandbox.Environment[name] = value;
        var first = new ZipBuilder().File("java/lib/greeting.jar", await JarAsync()).File("shared.txt", "first");
        aws.Layers.Add("arn:aws:lambda:us-east-1:123456789012:layer:shared-lib-layer:1", first.Write(Root, "first.zip"));
        var second = new ZipBuilder().File("extensions/audit", Audit).File("shared.txt", "second");
        aws.Layers.Add("arn:aws:lambda:eu-west-1:210987654321:layer:extensions-layer:1", second.Write(Root, "second.zip"));

        await PublishAsync(Sample.CopyTo(Sandbox, "SquashedLayers"), Sample.Commands("SquashedLayers").Single());
        Sandbox.Write("src/java/Handler.java",
            "package shop; public class Handler { public String handle(String name) { return lib.Greeting.of(name); } }\n");
        var function = Sandbox.Write("src/java/java.proj", $"""
            <Project Sdk="LambdaLayers.Containers/{Sandbox.Package!.Version}">
              <PropertyGroup>
                <ContainerBaseImage>{Registry.Host}/lambda/java:21</ContainerBaseImage>
                <LambdaHandler>shop.Handler::handle</LambdaHandler>
                <LambdaTaskBuildCommand>javac -cp {Root.Path}/classes -d {"{output}"} Handler.java</LambdaTaskBuildCommand>
              </PropertyGroup>
              <ItemGroup><LambdaLayer Include="{Registry.Host}/layer-image1:latest" /></ItemGroup>
            </Project>
            """);
        (await Sandbox.PublishAsync(function, $"-p:ContainerRegistry={Registry.Host}")).EnsureSucceeded();
        var layers = await PushedImage.ReadAsync(Registry, "layer-image1:latest");
        var image = await UnpackWithLanguagesAsync("java:latest");
        await using var running = await RunningImage.StartAsync(image, Patience);

        Assert.That((await running.InvokeAsync("\"Ada\"")).Body, Is.EqualTo("\"Hello from a jar, Ada!\""));
        Assert.That(running.Lambda.Extensions, Is.EqualTo(["audit"]));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(image.Path, "opt/shared.txt")), Is.EqualTo("second"));
        var unzipped = Root.Folder("unzipped");
        await ToolRunner.RunAsync("unzip", "-qo", Path.Combine(Root.Path, "first.zip"), "-d", unzipped);
        await ToolRunner.RunAsync("unzip", "-qo", Path.Combine(Root.Path, "second.zip"), "-d", unzipped);
        Assert.That(Contents(Path.Combine(image.Path, "opt")), Is.EqualTo(Contents(unzipped)),
            "as the Dockerfile's unzip, one after the other");
        Assert.That(layers.RunConfig.ToJsonString(), Is.EqualTo("{}"));
        Assert.That(layers.Config.ToJsonString(), Does.Not.Contain(aws.Environment().First(v => v.Key == "AWS_SECRET_ACCESS_KEY").Value!));
    }

    [Test]
    public async Task A_custom_runtime_answers_through_two_wrappers_unless_the_function_says_otherwise()
    {
        await LanguageBase.PushProvidedAsync(Registry);
        var project = Sample.CopyTo(Sandbox, "CustomRuntime");
        var command = Sample.Commands("CustomRuntime").Single();

        await PublishAsync(project, command, "lambda/provided:al2023");
        var plain = await AnswerAsync();
        await AssertSameAsDockerfileAsync("CustomRuntime", "custom-runtime");
        await PublishAsync(project, command, "lambda/provided:al2023", "-p:LambdaExecWrapper=/opt/first%3B/opt/second",
            WithWrappers(project));
        var wrapped = await AnswerAsync();
        var own = await ToolRunner.RunAsync(
            (await UnpackWithLanguagesAsync("custom-runtime:latest")).Command(["/var/runtime/bootstrap"], ("AWS_LAMBDA_EXEC_WRAPPER", "/bin/echo")),
                default);

        Assert.That(plain, Is.EqualTo("""{"echo":"hello","started by":"Lambda"}"""));
        Assert.That(wrapped, Is.EqualTo("""{"echo":"hello","started by":"first second"}"""));
        Assert.That(own.StandardOutput.Trim(), Is.EqualTo("/var/task/bootstrap"), "the function's configuration wins");

        async Task<string> AnswerAsync()
        {
            await using var running = await RunningImage.StartAsync(await UnpackWithLanguagesAsync("custom-runtime:latest"), Patience);
            return (await running.InvokeAsync("\"hello\"")).Body;
        }
    }

    [Test]
    public async Task A_Python_function_with_a_layer_image_of_ECR_is_created()
    {
        await using var story = await EcrStory.StartAsync();
        foreach (var repository in (string[])["log-extension-image", "log-extension-function"])
            story.Aws.Ecr.Add(repository);
        await SyntheticBase.PushPlainAsync(story.Bases, "lambda/python", "3.13");
        using (var pusher = new RegistryPusher(story.Registry.Inner.Uncounted))
        {
            await pusher.PushAsync("log-extension-image", "latest", new SyntheticImage(
                ImageFamily.Docker, "amd64", new JsonObject(),
                    [SyntheticLayer.Create(tar => tar.Program("opt/extensions/log-extension", Audit))]));
        }

        var project = Sample.CopyTo(story.Sandbox, "PythonWithLogExtension");
        (await story.Sandbox.PublishAsync(project,
        [
            .. Sample.ArgumentsOf(Sample.Commands("PythonWithLogExtension")[1], EcrStory.Host), "--no-restore",
                "-p:RuntimeIdentifier=linux-x64",
            $"-p:ContainerBaseImage={story.Bases.Host}/lambda/python:3.13",
        ])).EnsureSucceeded();

        var function = story.Aws.Functions.Find("log-extension-function")!;
        Assert.That(function.ImageUri, Does.StartWith($"{EcrStory.Host}/log-extension-function@sha256:"));
        Assert.That(function.Configuration["State"]!.GetValue<string>(), Is.EqualTo("Active"));
        Assert.That(function.Configuration["Role"]!.GetValue<string>(), Is.EqualTo("arn:aws:iam::123456789012:role/lambda-role"));
        Assert.That(function.Configuration["Environment"]!["Variables"]!["S3_BUCKET_NAME"]!.GetValue<string>(),
            Is.EqualTo("s3-logs-extension-demo"));
    }

    // https://github.com/opencontainers/image-spec/blob/main/config.md; buildah writes Docker's own members as well.
    private static readonly string[] RunMembers = ["User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir",
        "StopSignal"];

    // What a README says is not the same: what pip writes anew on each machine, and that the bootstrap is a link.
    private static bool IsToldOf(string path) =>
        path.Contains("/__pycache__", StringComparison.Ordinal) || path.EndsWith("/RECORD", StringComparison.Ordinal)
        || path.Contains("/bin", StringComparison.Ordinal) || path == "/var/runtime/bootstrap";

    // Config and files, but for the base image's own.
    private async Task AssertSameAsDockerfileAsync(string sample, string repository, string[]? notSet = null, string? context = null)
    {
        var file = Root.Write($"Dockerfile.{sample}", Sample.FromRegistry(Sample.Dockerfile(sample), Registry.Host));
        string[] storage = ["--storage-driver", "vfs", "--root", Root.Folder("storage"), "--runroot", Root.Folder("run")];
        await ToolRunner.RunAsync("buildah",
        [
            .. storage, "bud", "--isolation", "chroot", "--format", "docker", "--tls-verify=false", "-v", "/usr:/usr:ro", "-f", file,
            "-t", $"localhost/{repository}", Path.GetDirectoryName(Sandbox.File("src", context ?? sample, "x"))!,
        ]);
        await ToolRunner.RunAsync(
            "buildah", [.. storage, "push", "--tls-verify=false", $"localhost/{repository}",
                $"docker://{Registry.Uncounted.Authority}/buildah/{repository}:latest"]);

        Assert.That(await FilesAsync($"{repository}:latest"), Is.EqualTo(await FilesAsync($"buildah/{repository}:latest")), sample);
        Assert.That(await ConfigAsync($"{repository}:latest"), Is.EqualTo(await ConfigAsync($"buildah/{repository}:latest")), sample);

        async Task<List<string>> FilesAsync(string name)
        {
            var root = await StoredImage.UnpackAsync($"docker://{Registry.Uncounted.Authority}/{name}", Root);
            // Times, the second word, are those of the build there.
            return [.. FileListing.Of(root).Select(line => line.Split(' ')).Where(words => !IsToldOf("/" + words[0]))
                .Where(words => words[0].StartsWith("opt", StringComparison.Ordinal)
                    || words[0].StartsWith("var", StringComparison.Ordinal))
                .Select(words => string.Join(' ', words.Where((_, i) => i != 2 || words[1] == "->")))
                // Everything that Lambda could start is executable here.
                .Select(line => line.StartsWith("opt/extensions/", StringComparison.Ordinal)
                    ? line.Replace(" 1ed ", " 1a4 ", StringComparison.Ordinal) : line)];
        }

        async Task<string> ConfigAsync(string name)
        {
            var run = (await PushedImage.ReadAsync(Registry, name)).RunConfig;
            return string.Join('\n', RunMembers.Except(notSet ?? []).Select(member => $"{member}={run[member]?.ToJsonString()}")
                .Where(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..] is not ("" or "\"\"" or "[]" or "{}")));
        }
    }

    // With what pip finds in a Dockerfile's RUN.
    private async Task PushPythonAsync()
    {
        Tools.Require("pip3");
        static void WithPackages(LayerTar tar) =>
            tar.File("etc/pip.conf", "[global]\nno-index = true\nfind-links = /srv/wheels\n").File($"srv/wheels/{Wheel.Name}", Wheel.Bytes);
        await LanguageBase.PushPythonAsync(Registry, more: WithPackages);
        await LanguageBase.PushPythonAsync(Registry, "docker/library/python", "3.13-alpine", WithPackages);
    }

    // An extension that does what it must.
    private const string Audit = """
        #!/bin/sh
        api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
        id=$(curl -sS -D - -o /dev/null -H "Lambda-Extension-Name: audit" -d '{"events":["SHUTDOWN"]}' "$api/register" \
          | sed -n 's/^lambda-extension-identifier: *//Ip' | tr -d '\r')
        curl -sS -o /dev/null -H "Lambda-Extension-Identifier: $id" "$api/event/next"

        """;

    private async Task PushSharedImagesAsync()
    {
        using var pusher = new RegistryPusher(Registry.Uncounted);
        await pusher.PushAsync("shared-lib-layer", "1", Image(tar => tar
            .File("opt/nodejs/node_modules/shared-lib/index.js", "exports.greet = name => `Hello, ${name}!`;\n")));
        await pusher.PushAsync("extensions-layer", "1",
            Image(tar => tar.Program("opt/extensions/audit", Audit).File("opt/elsewhere", "x")));

        static SyntheticImage Image(Action<LayerTar> fill) =>
            new(ImageFamily.Docker, SyntheticBase.HostArchitecture, new JsonObject(), [SyntheticLayer.Create(fill)]);
    }

    private static List<string> Contents(string folder) =>
        [.. FileListing.Of(folder).Select(line => line.Split(' ')).Where(words => words[^1] != "folder").Select(words =>
            $"{words[0]} {words[^1]}")];

    private async Task<byte[]> JarAsync()
    {
        var source = Root.Write("lib/Greeting.java",
            "package lib; public class Greeting { public static String of(String n) { return \"Hello from a jar, \" + n + \"!\"; } }\n");
        await ToolRunner.RunAsync("javac", "-d", Root.Folder("classes"), source);
        return new ZipBuilder().File("lib/Greeting.class",
            await File.ReadAllBytesAsync(Path.Combine(Root.Path, "classes/lib/Greeting.class"))).Build();
    }

    // Two scripts that tell in which order they ran.
    private string WithWrappers(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        foreach (var name in (string[])["first", "second"])
        {
            var path = Path.Combine(folder, "wrappers", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"#!/bin/sh\nexport STARTED_BY=\"${{STARTED_BY:+$STARTED_BY }}{name}\"\n{(name == "second" ? "echo \"$STARTED_BY\"\n" : "")}exec \"$@\"\n");
        }

        var text = File.ReadAllText(project);
        if (!text.Contains("wrappers/", StringComparison.Ordinal))
            File.WriteAllText(project, text.Replace("</Project>", "<ItemGroup><LambdaLayer Include=\"wrappers/\" /></ItemGroup></Project>",
                StringComparison.Ordinal));
        return "-p:Wrapped=true";
    }

    // A function whose items name images of the account's registry.
    private string CopyFunction(string name)
    {
        var project = Sample.CopyTo(Sandbox, name);
        File.WriteAllText(project, Sample.FromRegistry(File.ReadAllText(project), Registry.Host));
        return project;
    }

    private async Task<ImageRoot> UnpackWithLanguagesAsync(string name)
    {
        var image = await UnpackAsync(name);
        image.UseLanguagesOfHost();
        return image;
    }
}
