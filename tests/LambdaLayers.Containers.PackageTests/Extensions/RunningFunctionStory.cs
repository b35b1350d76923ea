using LambdaLayers.Containers.PackageTests.Support;
using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.PackageTests.Extensions;

/// <summary>
/// A published image does what it is for: everything in /opt/extensions is started, registers, and hears of each invocation
/// and of the end; the function answers with what it reads from a layer.
/// </summary>
public sealed class RunningFunctionStory
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task A_function_with_an_extension_project_and_a_zip_layer_runs_as_in_Lambda()
    {
        await using var sandbox = await ExtensionSandbox.CreateAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(sandbox.Registry, "aws/provided", "al2023");
        Sample.CopyTo(sandbox.Dotnet, "AuditExtension");
        var project = Sample.CopyTo(sandbox.Dotnet, "FunctionWithExtension");
        (await sandbox.PublishAsync(project, $"-p:ContainerBaseImage={sandbox.Registry.Host}/aws/provided:al2023"))
            .EnsureSucceeded();
        var image = await ImageRoot.UnpackAsync(
            $"docker://{sandbox.Registry.Uncounted.Authority}/function-with-extension:latest", root);
        await using var lambda = await RuntimeApiStub.StartAsync();
        using var timeout = new CancellationTokenSource(Patience);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token);

        // Lambda starts what lies directly in /opt/extensions, in the order of the names, and then the function.
        var extensions = Directory.GetFiles(Path.Combine(image.Path, "opt", "extensions"))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToList();
        var started = extensions.Select(name => Start([$"/opt/extensions/{name}"])).ToList();
        await lambda.WaitForExtensionsAsync(extensions.Count, timeout.Token);
        var function = Start(image.Arguments);
        var first = await lambda.InvokeAsync("\"Ada\"", timeout.Token);
        var second = await lambda.InvokeAsync("\"Grace\"", timeout.Token);
        lambda.Shutdown();
        var ended = await Task.WhenAll(started);
        await running.CancelAsync();

        Assert.That(extensions, Is.EqualTo(new[] { "AuditExtension" }));
        Assert.That(lambda.Extensions, Is.EqualTo(extensions));
        Assert.That(image.Arguments, Is.EqualTo(new[] { "/lambda-entrypoint.sh", "FunctionWithExtension" }));
        Assert.That(first.Body, Is.EqualTo("\"Hello, Ada!\""));
        Assert.That(second.Body, Is.EqualTo("\"Hello, Grace!\""));
        Assert.That(new[] { first.IsError, second.IsError }, Is.All.False);
        var log = lambda.Log.ToList();
        Assert.That(log.IndexOf("ready AuditExtension"), Is.InRange(0, log.IndexOf("runtime next")));
        Assert.That(log.Count(line => line == "INVOKE AuditExtension"), Is.EqualTo(2));
        Assert.That(log, Does.Contain("SHUTDOWN AuditExtension"));
        Assert.That(ended.Single().StandardOutput, Does.Contain("AuditExtension: 2 invocations in all"));
        Assert.That(async () => await function, Throws.InstanceOf<OperationCanceledException>(), "it still ran");

        async Task<ToolResult> Start(IReadOnlyList<string> program) => await ToolRunner.RunAsync(
            image.Command(program, ("AWS_LAMBDA_RUNTIME_API", lambda.Address)), running.Token);
    }
}
