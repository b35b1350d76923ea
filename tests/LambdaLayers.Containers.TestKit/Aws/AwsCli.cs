using System.Text.Json;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>The AWS CLI against the fake: an independent client that signs and parses in its own way.</summary>
public static class AwsCli
{
    /// <summary>Runs <c>aws ARGUMENTS --endpoint-url …</c>; any exit code.</summary>
    public static async Task<ToolResult> RunAsync(FakeAws aws, AwsKey key, string region, params string[] arguments)
    {
        using var home = new TempRoot();
        var environment = CleanEnvironment.Create();
        environment["HOME"] = home.Path;
        environment["AWS_EC2_METADATA_DISABLED"] = "true";
        environment["AWS_MAX_ATTEMPTS"] = "1";
        environment["AWS_PAGER"] = "";
        foreach (var (name, value) in key.Environment.Where(v => v.Value is not null))
        {
            environment[name] = value;
        }

        return await ToolRunner.RunAsync(
            new ToolCommand(
                Tools.Require("aws"), [.. arguments, "--endpoint-url", aws.Url, "--region", region, "--output", "json"])
            {
                Environment = environment,
                ReplaceEnvironment = true,
                WorkingDirectory = home.Path,
                ExpectedExitCodes = [],
            },
            CancellationToken.None);
    }

    /// <summary>Runs it with the fake's default keys in us-east-1; the answer as JSON, an exception when it fails.</summary>
    public static async Task<JsonElement> JsonAsync(FakeAws aws, params string[] arguments)
    {
        var result = await RunAsync(aws, aws.Key, "us-east-1", arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"aws {string.Join(' ', arguments)}: {result.Output}");
        }

        using var document = JsonDocument.Parse(result.StandardOutput.Length == 0 ? "{}" : result.StandardOutput);
        return document.RootElement.Clone();
    }
}
