using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>
/// Debian's docker-registry, for what a real registry has to show: an open process, and a guarded one in front of the same
/// storage when the test wants a guard.
/// </summary>
public sealed class DockerRegistry : ITestRegistry
{
    // What `htpasswd -B` makes of the one user's password.
    private const string HtpasswdLine = RegistryGuard.User + ":$2y$05$3y5dBftKiR2dZEYl.e4tGe5xszsOgNhKhNXLpnuFv7OSX.oMa3yK6\n";

    private readonly TempRoot _root = new();
    private readonly List<Process> _processes = [];
    private readonly StringBuilder _log = new();
    private int _openPort;

    private DockerRegistry()
    {
    }

    public int Port { get; private set; }

    public string Host => $"localhost:{Port}";

    public Uri Uncounted => new($"http://127.0.0.1:{_openPort}");

    /// <summary>What the processes have said, for a failed test.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts it on free ports; without the program the test is skipped.</summary>
    public static async Task<DockerRegistry> StartAsync(RegistryGuard? guard = null)
    {
        var program = Tools.Require("docker-registry");
        var registry = new DockerRegistry();
        try
        {
            registry._openPort = await registry.StartProcessAsync(program, new RegistryGuard());
            registry.Port = guard is null ? registry._openPort : await registry.StartProcessAsync(program, guard);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _root.Dispose();
    }

    private async Task<int> StartProcessAsync(string program, RegistryGuard guard)
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            var process = Launch(program, _root.Write($"{port}/config.yml", Config(guard, port)));
            _processes.Add(process);
            if (await ListensAsync(process, port))
                return port;
            // Somebody else took the port between finding it and using it.
            if (attempt == 3)
                throw new InvalidOperationException("docker-registry does not listen: " + Log);
        }
    }

    private string Config(RegistryGuard guard, int port)
    {
        var yaml = new StringBuilder($$"""
            version: 0.1
            log:
              level: info
            storage:
              filesystem:
                rootdirectory: {{_root.Folder("storage")}}
            http:
              addr: 127.0.0.1:{{port}}

            """);
        if (guard.Certificate is { } certificate)
        {
            yaml.Append($"  tls:\n    certificate: {_root.Write($"{port}/server.crt", certificate.ExportCertificatePem())}\n")
                .Append($"    key: {_root.Write($"{port}/server.key", KeyPem(certificate))}\n");
        }

        if (guard.Htpasswd)
            yaml.Append($"auth:\n  htpasswd:\n    realm: test\n    path: {_root.Write($"{port}/htpasswd", HtpasswdLine)}\n");
        if (guard.Tokens is { } tokens)
        {
            yaml.Append($"auth:\n  token:\n    realm: {tokens.Realm}\n    service: {TokenServer.Service}\n")
                .Append($"    issuer: {TokenServer.Issuer}\n")
                .Append($"    rootcertbundle: {_root.Write($"{port}/roots.pem", tokens.Authority.ExportCertificatePem())}\n");
        }

        return yaml.ToString();
    }

    private Process Launch(string program, string config)
    {
        var start = new ProcessStartInfo(program, ["serve", config])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // Its own variables (REGISTRY_…) would override the file.
        foreach (var name in start.Environment.Keys.Where(x => x.StartsWith("REGISTRY_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Append(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }

    // By its own word: who answers at the port may be somebody else, who took it a moment earlier.
    private async Task<bool> ListensAsync(Process process, int port)
    {
        for (var tries = 0; tries < 600 && !process.HasExited; tries++)
        {
            if (Log.Contains($"listening on 127.0.0.1:{port}", StringComparison.Ordinal))
                return true;
            await Task.Delay(25);
        }

        return false;
    }

    private static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
