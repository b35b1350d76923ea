using LambdaLayers.Containers.TestKit;

namespace LambdaLayers.Containers.Core.Tests.TestKit;

public sealed class ToolRunnerTests
{
    [Test]
    public async Task Runs_with_arguments_environment_input_and_folder()
    {
        using var root = new TempRoot();
        var command = Shell("""printf '%s|' "$1" "$X" "$(pwd)" "$(cat)"; echo late >&2""", "a b") with
        {
            Environment = new Dictionary<string, string?> { ["X"] = "y" },
            WorkingDirectory = root.Path,
            Input = "typed",
        };

        var result = await ToolRunner.RunAsync(command, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ToolResult(0, $"a b|y|{root.Path}|typed|", "late\n")));
    }

    [Test]
    public async Task An_unexpected_exit_code_throws_with_everything_that_was_printed()
    {
        var thrown = await Assert.ThrowsAsync<ToolException>(
            () => ToolRunner.RunAsync(Shell("echo out; echo err >&2; exit 7"), CancellationToken.None));

        Assert.That(thrown!.Message, Does.Contain("Exit code 7").And.Contain("out\n").And.Contain("err\n"));
    }

    [Test]
    public async Task A_process_that_takes_too_long_is_killed_with_its_children()
    {
        var command = Shell("echo started; sleep 600 & echo child $!; wait") with { Timeout = TimeSpan.FromSeconds(1) };

        var thrown = await Assert.ThrowsAsync<ToolException>(() => ToolRunner.RunAsync(command, CancellationToken.None));

        var child = thrown!.Message.Split('\n').Single(line => line.StartsWith("child ", StringComparison.Ordinal))[6..];
        Assert.That(() => IsRunning(child), Is.False.After(5000, 50));
    }

    [Test]
    public async Task The_environment_can_be_replaced()
    {
        var command = new ToolCommand(Tools.Require("env"), [])
        {
            Environment = new Dictionary<string, string?> { ["ONLY"] = "this" },
            ReplaceEnvironment = true,
        };

        var result = await ToolRunner.RunAsync(command, CancellationToken.None);

        Assert.That(result.StandardOutput, Is.EqualTo("ONLY=this\n"));
    }

    private static bool IsRunning(string pid)
    {
        var stat = $"/proc/{pid}/stat";
        try
        {
            // A killed orphan stays a zombie until somebody reaps it.
            return !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ToolCommand Shell(string script, params string[] arguments) =>
        new(Tools.Require("sh"), ["-c", script, "sh", .. arguments]);
}
