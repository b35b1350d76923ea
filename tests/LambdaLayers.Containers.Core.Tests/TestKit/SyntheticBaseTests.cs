using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Dotnet;
using LambdaLayers.Containers.TestKit.Images;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class SyntheticBaseTests
{
    [Test]
    public async Task A_self_contained_program_runs_on_the_runnable_base_through_its_entry_point()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("chroot needs root.");
        }

        await using var registry = await PlainRegistry.StartAsync();
        using var root = new TempRoot();
        await SyntheticBase.PushRunnableAsync(registry, "lambda/dotnet", "10", dotnetBootstrap: true);
        using var sandbox = await DotnetSandbox.CreateAsync(null);
        var project = sandbox.WriteProject("App", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <SelfContained>true</SelfContained>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
            </Project>
            """,
            ("Program.cs", """
                // OpenSSL and threads are opened by name at run time, so this shows that they are there.
                var hash = System.Security.Cryptography.SHA256.HashData([1]);
                await System.Threading.Tasks.Task.Yield();
                System.Console.WriteLine(System.Environment.GetEnvironmentVariable("_HANDLER") + " " + hash.Length);
                """));
        var rootfs = await Umoci.UnpackAsync($"docker://{registry.Host}/lambda/dotnet:10", root);

        (await sandbox.PublishAsync(project, "--use-current-runtime", "-o", $"{rootfs}/var/task")).EnsureSucceeded();
        var ran = await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("chroot"), [rootfs, "/lambda-entrypoint.sh", "App"])
            {
                Environment = Variables("127.0.0.1:9"),
                ReplaceEnvironment = true,
            },
            CancellationToken.None);

        Assert.That(ran.StandardOutput, Is.EqualTo("App 32\n"));
    }

    private static Dictionary<string, string?> Variables(string api) => new(SyntheticBase.RunConfig()["Env"]!.AsArray()
        .Select(v => v!.GetValue<string>().Split('=', 2))
        .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])))
    {
        ["AWS_LAMBDA_RUNTIME_API"] = api,
    };
}
