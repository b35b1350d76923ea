using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// Debian's docker-registry as a process of the test's own: a real registry to pull from and push to.
/// </summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private DockerRegistry(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>As a reference names it.</summary>
    public string Host => $"localhost:{Port}";

    /// <summary>What the process has said, for a failed test.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>
    /// Starts on a free port. Two registries may share <paramref name="storage"/>: fill one, read through the other.
    /// </summary>
    public static async Task<DockerRegistry> StartAsync(string storage, DockerRegistryOptions? options = null)
    {
        var program = Tools.Require("docker-registry");
        var settings = options ?? new DockerRegistryOptions();
        var port = FreePort();
        var config = Path.Combine(Directory.CreateDirectory(storage).FullName, $"config-{port}.yml");
        await File.WriteAllTextAsync(config, settings.ToYaml(Path.Combine(storage, "data"), port));
        var start = new ProcessStartInfo(program, ["serve", config])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // Its own variables (REGISTRY_…) would override the file.
        foreach (var name in start.Environment.Keys.Where(x => x.StartsWith("REGISTRY_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var registry = new DockerRegistry(Process.Start(start)!, port);
        registry.Collect();
        await registry.WaitAsync();
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Collect()
    {
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Append(string? line)
        {
            lock (_log)
                _log.AppendLine(line);
        }
    }

    // Ready is when it listens; TLS and log-ins are the test's business.
    private async Task WaitAsync()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException("docker-registry ended: " + Log);
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        await DisposeAsync();
        throw new InvalidOperationException("docker-registry does not listen: " + Log);
    }
}
