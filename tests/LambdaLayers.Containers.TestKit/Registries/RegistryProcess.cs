using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>A real docker-registry on a free loopback port with its storage in a temp root; killed when disposed.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TempRoot _root;

    private RegistryProcess(Process process, TempRoot root, int port)
    {
        _process = process;
        _root = root;
        Port = port;
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <param name="extraConfig">
    /// YAML added at the top level of the configuration, an <c>auth:</c> section for one. Every request answers then, so that
    /// "it is up" also means a 401.
    /// </param>
    public static async Task<RegistryProcess> StartAsync(string extraConfig = "")
    {
        var tool = Tools.Require("docker-registry");
        for (var attempt = 0; ; attempt++)
        {
            var root = new TempRoot();
            var port = FreePort();
            var process = Start(tool, root, port, extraConfig);
            if (await AnswersAsync(process, port))
            {
                return new RegistryProcess(process, root, port);
            }

            // Somebody else took the port between finding it and using it.
            process.Dispose();
            root.Dispose();
            if (attempt == 3)
            {
                throw new InvalidOperationException("docker-registry ended without answering, four times.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _root.Dispose();
    }

    private static Process Start(string tool, TempRoot root, int port, string extraConfig)
    {
        var config = root.Write("config.yml", $"""
            version: 0.1
            log: {"{level: error, accesslog: {disabled: true}}"}
            storage:
              filesystem: {"{rootdirectory: "}{root.Folder("storage")}{"}"}
              delete: {"{enabled: true}"}
              maintenance: {"{uploadpurging: {enabled: false}}"}
            http: {"{addr: '127.0.0.1:"}{port}{"'}"}
            {extraConfig}
            """);
        var start = new ProcessStartInfo(tool, ["serve", config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("REGISTRY_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<bool> AnswersAsync(Process process, int port)
    {
        for (var tries = 0; tries < 600 && !process.HasExited; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return !process.HasExited;
            }
            catch (SocketException)
            {
                await Task.Delay(25);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
