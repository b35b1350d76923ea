using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.PackageTests;

/// <summary>Who only builds, or only has the project open in an IDE, notices nothing of the package.</summary>
public sealed class QuietBuildStories
{
    [Test]
    public async Task Builds_and_design_time_builds_run_no_task_and_ask_nobody()
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        sandbox.UsesBuildServer = false;
        var asked = 0;
        await using var network = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        });
        var project = new FunctionProject
        {
            // None of these exists: whoever looks will say so.
            Items = """
                <LambdaLayer Include="arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53" />
                <LambdaLayer Include="public.ecr.aws/datadog/lambda-extension:65" />
                <LambdaLayer Include="missing.zip" />
                """,
            Properties = "<ContainerRegistry>registry.invalid</ContainerRegistry><ContainerBaseImage>registry.invalid/base:1</ContainerBaseImage>",
        }.Write(sandbox);
        await sandbox.RestoreAsync(project);
        foreach (var name in new[] { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy" })
        {
            sandbox.Environment[name] = network.Url;
        }

        var build = (await sandbox.BuildAsync(project, "--no-restore")).EnsureSucceeded();
        var designTime = (await sandbox.MSBuildAsync(
            project, "-t:ResolveAssemblyReferences;ResolvePackageAssets;CollectPackageReferences;Compile",
            "-p:DesignTimeBuild=true", "-p:BuildingInsideVisualStudio=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true")).EnsureSucceeded();

        Assert.That(BuildLog.Of(build).OwnTasks, Is.Empty);
        Assert.That(BuildLog.Of(build).OwnWarnings, Is.Empty);
        Assert.That(BuildLog.Of(designTime).OwnTasks, Is.Empty);
        Assert.That(BuildLog.Of(designTime).OwnWarnings, Is.Empty);
        Assert.That(asked, Is.Zero, "requests to the network");
        Assert.That(Directory.Exists(Path.Combine(sandbox.CacheHome, "lambda-layers")), Is.False, "the cache was touched");
    }

    [Test]
    public async Task The_counting_proxy_sees_a_publish_so_it_would_see_a_build()
    {
        using var sandbox = await DotnetSandbox.CreateAsync();
        sandbox.UsesBuildServer = false;
        var asked = 0;
        await using var network = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        });
        sandbox.WriteZip("Fn", "layer.zip", "hello.txt", "hello");
        var project = await new FunctionProject { Items = """<LambdaLayer Include="layer.zip" />""" }.WriteBuiltAsync(sandbox);
        sandbox.Environment["https_proxy"] = network.Url;

        var result = await sandbox.PublishAsync(
            project, "--no-build", "-t:PublishContainer", "-p:ContainerBaseImage=registry.invalid/base:1",
            $"-p:ContainerArchiveOutputPath={sandbox.File("image.tar.gz")}");

        Assert.That(result.Succeeded, Is.False);
        Assert.That(asked, Is.Positive);
    }
}
