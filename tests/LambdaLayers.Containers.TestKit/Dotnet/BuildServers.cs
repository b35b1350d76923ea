using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LambdaLayers.Containers.Core.Content;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>
/// MSBuild servers of this test run and of nobody else: a build that finds its SDK loaded and compiled takes a third of the
/// time. Each serves one build at a time, so there are as many as builds at once.
/// </summary>
public sealed class BuildServers : IDisposable
{
    private const string Variable = "MSBUILDNODEHANDSHAKESALT";

    private static readonly string Run = Guid.NewGuid().ToString("n");
    private static readonly ConcurrentDictionary<string, ConcurrentBag<int>> Idle = new();
    private static int _count;

    private readonly string _pool;
    private readonly int _number;

    private BuildServers(string pool, int number) => (_pool, _number) = (pool, number);

    /// <summary>One that is free, or a new one; free again when disposed.</summary>
    /// <param name="pool">Builds of one pool agree on what a process reads once: proxies, and authorities of certificates.</param>
    internal static BuildServers Take(string pool) =>
        new(pool, IdleOf(pool).TryTake(out var number) ? number : Interlocked.Increment(ref _count));

    /// <summary>Ends all of them; elsewhere than on Linux they end by themselves after a while.</summary>
    public static void Stop()
    {
        foreach (var process in OperatingSystem.IsLinux() ? Process.GetProcesses() : [])
        {
            using (process)
            {
                if (IsOurs(process.Id))
                    process.Kill();
            }
        }
    }

    public void Dispose() => IdleOf(_pool).Add(_number);

    /// <summary>The environment, with what makes a build use this server.</summary>
    internal Dictionary<string, string?> With(Dictionary<string, string?> environment) => new(environment)
    {
        [Variable] = string.Create(CultureInfo.InvariantCulture, $"{Run}-{_number}"),
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1",
        ["MSBUILDUSESERVER"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "0",
    };

    private static ConcurrentBag<int> IdleOf(string pool) => Idle.GetOrAdd(pool, _ => []);

    private static bool IsOurs(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains($"{Variable}={Run}-", StringComparison.Ordinal);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // Another user's, or gone by now.
            return false;
        }
    }
}
