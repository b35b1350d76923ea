using System.Globalization;
using LambdaLayers.Containers.Core;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Layers;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.RestoreHost;

/// <summary>
/// A restore in a process of its own, cheaper than MSBuild, for tests that kill it: CACHE FOLDER INCLUDE[,SHA256]... Or publishes
/// whose file calls fail one after the other: see <see cref="FaultyPublish"/>.
/// </summary>
internal static class RestoreHost
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["faults", var mode, var root, var step, var @base, .. var includes])
            return await FaultyPublish.RunAsync(mode, root, int.Parse(step, CultureInfo.InvariantCulture), @base, includes);
        var (cache, folder) = (arguments[0], arguments[1]);
        var options = new EngineOptions(cache, Environment.GetEnvironmentVariable)
        {
            LockFile = Path.Combine(folder, "lambda-layers.lock.json"),
        };
        using var engine = new Engine(options, new Silence());
        var items = arguments.Skip(2).Select(argument => argument.Split(','))
            .Select(item => LayerItemParser.Parse(
                new ItemOrigin(item[0]), folder, name => name == "Sha256" ? item.ElementAtOrDefault(1) ?? "" : ""))
            .ToList();
        // What a test waits for before it counts the time to the kill.
        await Console.Out.WriteLineAsync("started");
        var restored = await engine.RestoreAsync(
            items, [Platform.LinuxAmd64], RestoreMode.Restore, CancellationToken.None);
        foreach (var (_, layer) in restored.Layers)
            await Console.Out.WriteLineAsync(layer.Digest.ToString());
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            await Console.Error.WriteLineAsync($"loaded {assembly.GetName().Name}");
        return 0;
    }

    internal sealed class Silence : IEngineLog
    {
        void IEngineLog.High(string message)
        {
        }

        void IEngineLog.Normal(string message)
        {
        }

        void IEngineLog.Low(string message)
        {
        }

        void IEngineLog.Warning(Diagnostic diagnostic)
        {
        }
    }
}
