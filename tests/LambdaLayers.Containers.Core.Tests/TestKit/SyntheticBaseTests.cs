using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;
using LambdaLayers.Containers.TestKit.Runtime;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class SyntheticBaseTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <SelfContained>true</SelfContained>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
        </Project>
        """;

    // A runtime that answers for ever; OpenSSL is opened by name at run time, so the hash shows that it is there.
    private const string Program = """
        var api = "http://" + Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        while (true)
        {
            using var next = await client.GetAsync(api + "next");
            var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
            var hash = System.Security.Cryptography.SHA256.HashData(await next.Content.ReadAsByteArrayAsync());
            var answer = $"{Environment.GetEnvironmentVariable("_HANDLER")} {Environment.CurrentDirectory} {Convert.ToHexString(hash)[..8]}";
            await client.PostAsync(api + id + "/response", new StringContent(answer));
        }
        """;

    private const string Extension = """
        #!/bin/sh
        api=http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension
        id=$(wget -S -O /dev/null --header 'Lambda-Extension-Name: audit' --post-data '{"events":["INVOKE","SHUTDOWN"]}' $api/register 2>&1 |
          sed -n 's/^ *Lambda-Extension-Identifier: *//p' | tr -d '\r')
        while true; do
          case $(wget -q -O - --header "Lambda-Extension-Identifier: $id" $api/event/next) in *SHUTDOWN*) exit 0;; "") exit 1;; esac
        done

        """;

    [Test]
    [CancelAfter(120_000)]
    public async Task A_self_contained_function_and_a_shell_extension_run_on_the_runnable_base(CancellationToken cancellationToken)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var api = await RuntimeApiStub.StartAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(registry, "lambda/dotnet", "10", dotnetBootstrap: true);
        using var sandbox = await DotnetSandbox.CreateAsync(null);
        sandbox.UsesBuildServer = false;
        var project = sandbox.WriteProject("App", Project, ("Program.cs", Program));
        var image = await ImageRoot.UnpackAsync($"docker://{registry.Host}/lambda/dotnet:10", root);
        var extension = Path.Combine(Directory.CreateDirectory($"{image.Path}/opt/extensions").FullName, "audit");
        await File.WriteAllTextAsync(extension, Extension, cancellationToken);
        await ToolRunner.RunAsync("chmod", "755", extension);
        (await sandbox.PublishAsync(project, "--use-current-runtime", "-o", $"{image.Path}/var/task")).EnsureSucceeded();
        var variable = ("AWS_LAMBDA_RUNTIME_API", api.Address);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var audit = ToolRunner.RunAsync(image.Command(["/opt/extensions/audit"], variable), stop.Token);
        await api.WaitForExtensionsAsync(1, cancellationToken);
        var function = ToolRunner.RunAsync(image.Command([.. image.Arguments, "App"], variable), stop.Token);
        var answer = await api.InvokeAsync("x", cancellationToken);
        var second = await api.InvokeAsync("y", cancellationToken);
        api.Shutdown();
        await audit;
        await stop.CancelAsync();

        await Assert.ThatAsync(() => function, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(answer.Body, Is.EqualTo("App /var/task 2D711642"));
        Assert.That(second.Body, Is.EqualTo("App /var/task A1FCE436"));
        Assert.That(api.Extensions, Is.EqualTo((string[])["audit"]));
        Assert.That(api.Log.Take(3), Is.EqualTo((string[])["register audit", "ready audit", "runtime next"]));
        Assert.That(api.Log, Has.Member("INVOKE audit").And.Member("SHUTDOWN audit"));
    }

    [Test]
    public async Task Extensions_that_come_after_the_runtime_are_refused()
    {
        await using var api = await RuntimeApiStub.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{api.Address}") };
        var invocation = api.InvokeAsync("{}", CancellationToken.None);
        using var next = await client.GetAsync(new Uri("/2018-06-01/runtime/invocation/next", UriKind.Relative));
        var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();

        using var register = new HttpRequestMessage(HttpMethod.Post, "/2020-01-01/extension/register");
        register.Headers.Add("Lambda-Extension-Name", "late");
        register.Content = new StringContent("""{"events":["INVOKE"]}""");
        using var refused = await client.SendAsync(register);
        using var error = new HttpRequestMessage(HttpMethod.Post, $"/2018-06-01/runtime/invocation/{id}/error");
        error.Headers.Add("Lambda-Runtime-Function-Error-Type", "Test.Broken");
        error.Content = new StringContent("""{"errorMessage":"no"}""");
        using var accepted = await client.SendAsync(error);

        Assert.That((int)refused.StatusCode, Is.EqualTo(403));
        Assert.That((int)accepted.StatusCode, Is.EqualTo(202));
        Assert.That(await invocation, Is.EqualTo(new InvocationResult(id, """{"errorMessage":"no"}""", "Test.Broken", true)));
    }
}
