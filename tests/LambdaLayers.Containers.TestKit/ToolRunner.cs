using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LambdaLayers.Containers.TestKit;

/// <summary>Runs processes for tests and never leaves one behind.</summary>
public static class ToolRunner
{
    // A grandchild that outlives the process may hold the pipes open for ever; the process's own output is there long before.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>Runs a required tool (see <see cref="Tools.Require"/>) with these arguments; throws unless it exits with 0.</summary>
    public static Task<ToolResult> RunAsync(string tool, params string[] arguments) =>
        RunAsync(new ToolCommand(Tools.Require(tool), arguments), CancellationToken.None);

    /// <exception cref="ToolException">An unexpected exit code, or no exit within the timeout.</exception>
    public static async Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(command))
            ?? throw new ToolException(command, "The process did not start.", "");
        var output = new StringBuilder();
        var error = new StringBuilder();
        var drained = Task.WhenAll(Drain(process.StandardOutput, output, command.OnOutputLine), Drain(process.StandardError, error, null));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(command.Timeout);

        try
        {
            await Feed(process, command.Input);
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await Task.WhenAny(drained, Task.Delay(DrainTime, CancellationToken.None));
            cancellationToken.ThrowIfCancellationRequested();
            throw new ToolException(command, $"Killed after {command.Timeout}.", Text(output) + Text(error));
        }

        await Task.WhenAny(drained, Task.Delay(DrainTime, cancellationToken));
        var result = new ToolResult(process.ExitCode, Text(output), Text(error));
        return command.ExpectedExitCodes.Count == 0 || command.ExpectedExitCodes.Contains(result.ExitCode)
            ? result
            : throw new ToolException(
                command, string.Create(CultureInfo.InvariantCulture, $"Exit code {result.ExitCode}."), result.Output);
    }

    private static ProcessStartInfo StartInfo(ToolCommand command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        if (command.ReplaceEnvironment)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task Feed(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process ended, or closed its input, without reading all of it: its exit code tells the story.
        }
    }

    private static async Task Drain(StreamReader reader, StringBuilder into, Action<string>? onLine)
    {
        var buffer = new char[4096];
        var line = "";
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }

            if (onLine is null)
                continue;
            var lines = (line + new string(buffer, 0, read)).Split('\n');
            foreach (var whole in lines.SkipLast(1))
                onLine(whole);
            line = lines[^1];
        }
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }
}
