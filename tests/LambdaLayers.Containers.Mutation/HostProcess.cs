using System.Diagnostics;
using System.Globalization;

namespace LambdaLayers.Containers.Mutation;

/// <summary>A <see cref="MutationHost"/> in a process of its own, which a mutant may hang or end.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    /// <summary>Whether it can try another mutant.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Writes the facts about the tests to a file; throws when it cannot.</summary>
    public static async Task MeasureAsync(string folder, string facts, IEnumerable<string> namespaces)
    {
        using var process = Start(folder, ["measure", facts, .. namespaces], quiet: false);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException("The tests cannot be run without a mutant.");
    }

    /// <summary>For one mutant after the other. Throws when it does not start, which no mutant is to blame for.</summary>
    public static async Task<HostProcess> StartAsync(string folder, string facts, IEnumerable<string> namespaces)
    {
        var host = new HostProcess(Start(folder, ["serve", facts, .. namespaces]));
        try
        {
            if (await host._process.StandardOutput.ReadLineAsync().WaitAsync(StartTime) is var line and not MutationHost.Ready)
                throw new InvalidOperationException($"The tests cannot be loaded: {line}");
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Tries one mutant that is on from the first.</summary>
    public static async Task<Verdict> TryAloneAsync(string folder, string facts, IEnumerable<string> namespaces, Mutant mutant)
    {
        var number = mutant.Id.ToString(CultureInfo.InvariantCulture);
        using var host = new HostProcess(Start(folder, ["alone", number, facts, .. namespaces]));
        return await host.ReadVerdictAsync(mutant);
    }

    public async Task<Verdict> TryAsync(Mutant mutant)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(mutant.Id.ToString(CultureInfo.InvariantCulture));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone, which reading shows.
        }

        return await ReadVerdictAsync(mutant);
    }

    public void Dispose()
    {
        // Tests start processes too, and one that hangs does not see the end of its input.
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<Verdict> ReadVerdictAsync(Mutant mutant)
    {
        var time = StartTime;
        while (true)
        {
            string? line;
            try
            {
                line = await _process.StandardOutput.ReadLineAsync().WaitAsync(time);
            }
            catch (TimeoutException)
            {
                IsUsable = false;
                return new Verdict(mutant, Outcome.Timeout);
            }

            if (line is null)
            {
                IsUsable = false;
                return new Verdict(mutant, Outcome.Died);
            }

            switch (line.Split(' ', 2))
            {
                case [MutationHost.Within, var milliseconds]:
                    time = TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture));
                    break;
                case [nameof(Outcome.Survived)]:
                    return new Verdict(mutant, Outcome.Survived);
                case [nameof(Outcome.Killed), var test]:
                    return new Verdict(mutant, Outcome.Killed, test);
                case [nameof(Outcome.Doubtful)]:
                    IsUsable = false;
                    return new Verdict(mutant, Outcome.Doubtful);
                case [MutationHost.Broken, var error]:
                    throw new InvalidOperationException($"The tests cannot be run with mutant {mutant.Id}: {error}");
                default:
                    // That it is ready, or what a process that a test started has written.
                    break;
            }
        }
    }

    private static Process Start(string folder, IEnumerable<string> arguments, bool quiet = true)
    {
        // In the folder and with the dependencies of the tests; this program's own assembly was copied beside them.
        var tests = Path.Combine(folder, "LambdaLayers.Containers.Core.Tests");
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = quiet,
            RedirectStandardError = quiet,
            ArgumentList =
            {
                "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json",
                Path.Combine(folder, Path.GetFileName(typeof(HostProcess).Assembly.Location)),
            },
            // A mutant may ask for memory without end, too.
            Environment = { ["DOTNET_GCHeapHardLimit"] = "C0000000", ["DOTNET_TieredPGO"] = "0", ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        if (quiet)
        {
            // Read, so that it never waits for us: a stack overflow prints thousands of lines.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        return process;
    }
}
