using System.Diagnostics;
using System.Text.Json;
using LambdaLayers.Containers.TestKit.Dotnet;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>The AWS CLI against the fake: an independent client that signs and parses in its own way.</summary>
public static class AwsCli
{
    // The CLI's own entry point in a loop: its second of start-up is paid once for a test run, not for each command.
    private const string Driver = """
        import io, json, os, sys
        import awscli.clidriver
        pipe, data = sys.stdout, os.environ.get('AWS_DATA_PATH', '')
        for line in sys.stdin:
            request = json.loads(line)
            os.environ.clear()
            os.environ.update(request['environment'], AWS_DATA_PATH=data)
            sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
            try:
                code = awscli.clidriver.create_clidriver().main(request['arguments'])
            except SystemExit as e:
                code = e.code or 0
            texts = []
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
                texts.append(stream.buffer.getvalue().decode())
            sys.stdout, sys.stderr = pipe, sys.__stderr__
            print(json.dumps({'code': code, 'out': texts[0], 'err': texts[1]}), flush=True)
        """;

    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static readonly Lazy<Process> Running = new(Start);

    /// <summary>Runs <c>aws ARGUMENTS --endpoint-url …</c>; any exit code.</summary>
    public static async Task<ToolResult> RunAsync(FakeAws aws, AwsKey key, string region, params string[] arguments)
    {
        var driver = Running.Value;
        using var home = new TempRoot();
        var environment = CleanEnvironment.Create();
        environment["HOME"] = home.Path;
        environment["AWS_EC2_METADATA_DISABLED"] = "true";
        environment["AWS_MAX_ATTEMPTS"] = "1";
        environment["AWS_PAGER"] = "";
        foreach (var (name, value) in key.Environment.Where(v => v.Value is not null))
            environment[name] = value;

        string[] all = [.. arguments, "--endpoint-url", aws.Url, "--region", region, "--output", "json"];
        await OneAtATime.WaitAsync();
        try
        {
            await driver.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { environment, arguments = all }));
            await driver.StandardInput.FlushAsync();
            var line = await driver.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2))
                ?? throw new InvalidOperationException($"aws {string.Join(' ', arguments)}: the CLI has ended.");
            using var answer = JsonDocument.Parse(line);
            return new ToolResult(
                answer.RootElement.GetProperty("code").GetInt32(),
                answer.RootElement.GetProperty("out").GetString()!, answer.RootElement.GetProperty("err").GetString()!);
        }
        finally
        {
            OneAtATime.Release();
        }
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

    // Ends when its input does, so with this process.
    private static Process Start()
    {
        var tool = Tools.Require("aws");
        using var script = new StreamReader(tool);
        var first = script.ReadLine() ?? "";
        if (!first.StartsWith("#!", StringComparison.Ordinal) || !first.Contains("python", StringComparison.Ordinal))
            Tools.Skip($"{tool} is not the AWS CLI 1, a Python script.");
        var python = first[2..].Trim().Split(' ')[0];
        return Process.Start(new ProcessStartInfo(python, ["-c", Driver])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }
}
