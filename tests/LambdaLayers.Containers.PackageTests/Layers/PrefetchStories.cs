using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests.Layers;

/// <summary>Layers are fetched while the compiler runs.</summary>
public sealed class PrefetchStories
{
    private const string Layer = "arn:aws:lambda:us-east-1:580247275435:layer:tools:1";

    // The compiler has to wait for the layer, which a publish that fetches it afterwards would never ask for.
    private const string CompilerThatWaits = """
        <Target Name="WaitForDownload" BeforeTargets="CoreCompile" Condition="'$(DownloadedFile)' != ''">
          <Exec Command="for i in `seq 600`; do test -e '$(DownloadedFile)' &amp;&amp; exit 0; sleep 0.1; done; exit 1" StandardOutputImportance="low" />
        </Target>
        """;

    [Test]
    public async Task A_layer_is_downloaded_before_the_compiler_ends_and_a_program_that_does_not_compile_leaves_nothing_behind()
    {
        await using var build = await LayerBuild.StartAsync();
        build.AddLayer(Layer, "tool", "x");
        var project = new FunctionProject("fn")
        {
            Items = $"""<LambdaLayer Include="{Layer}" />""",
            Targets = CompilerThatWaits,
        }.Write(build.Sandbox);
        await build.Sandbox.RestoreAsync(project);
        var downloaded = build.Sandbox.File("downloaded");
        var lockFile = Path.Combine(Path.GetDirectoryName(project)!, "lambda-layers.lock.json");
        string[] arguments = ["--no-restore", $"-p:ContainerRegistry={build.Registry.Host}", "-v:m"];
        using var end = new CancellationTokenSource();
        var watching = WatchAsync(build, downloaded, end.Token);

        build.Sandbox.Write("src/fn/Program.cs", "this does not compile");
        var broken = await build.Sandbox.PublishAsync(project, [.. arguments, $"-p:DownloadedFile={downloaded}"]);
        Assert.That(downloaded, Does.Exist, broken.Output);
        var left = Directory.EnumerateFiles(Path.Combine(build.Cache, "v1", "tmp")).ToList();
        var wasLocked = File.Exists(lockFile);
        build.EmptyCaches();
        build.Aws.ClearCalls();
        build.Sandbox.Write("src/fn/Program.cs", "System.Console.WriteLine();");
        var whole = (await build.Sandbox.PublishAsync(project, arguments)).EnsureSucceeded();
        await end.CancelAsync();
        await watching;

        var tasks = BuildLog.Of(whole).OwnTasks;
        Assert.Multiple(() =>
        {
            Assert.That(BuildLog.Of(broken).Errors.Select(e => e.Code), Has.All.StartsWith("CS"));
            Assert.That(BuildLog.Of(broken).OwnWarnings, Is.Empty);
            Assert.That(left, Is.Empty);
            Assert.That(wasLocked, Is.False, "only an image that is made locks its layers");
            Assert.That(build.Aws.Calls.Count(call => call.Operation == "GetLayerVersionByArn"), Is.EqualTo(1), "asked once, and not by both");
            Assert.That(File.ReadAllText(lockFile), Does.Contain(Layer).And.Contain("\"packed\""));
            Assert.That(tasks[0], Is.EqualTo("PrefetchLambdaLayers"));
            Assert.That(whole.Output, Does.Contain(Layer).And.Not.Contain("  cached"));
            Assert.That(BuildLog.Of(whole).Messages("Packing "), Has.Some.Contains(Layer));
        });
    }

    private static async Task WatchAsync(LayerBuild build, string downloaded, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!File.Exists(downloaded) && build.Aws.Calls.Any(call => call.Service == "s3"))
                await File.WriteAllTextAsync(downloaded, "", CancellationToken.None);
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
