using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LambdaLayers.Containers.Core.Oci.Credentials;

/// <summary>
/// Runs <c>docker-credential-NAME get</c> (https://github.com/docker/docker-credential-helpers#development): the
/// registry
/// on its standard input, JSON with a secret or an error text on its standard output.
/// </summary>
/// <param name="environment">For PATH.</param>
/// <param name="timeout">A helper that wants to talk to a person would hang a build.</param>
internal sealed class CredentialHelper(Func<string, string?> environment, TimeSpan timeout, TimeProvider time)
{
    private const string Prefix = "docker-credential-";
    private const string NotFound = "credentials not found";
    private const int MaximumOutput = 1 << 20;

    /// <summary>The program behind a helper's short name.</summary>
    public static string ProgramOf(string name) => Prefix + name;

    /// <summary>Whether the helper is on the PATH.</summary>
    public bool Exists(string name) => Find(ProgramOf(name)) is not null;

    /// <summary>What the helper knows about <paramref name="key"/>, or null when it knows nothing.</summary>
    /// <param name="file">The file that names the helper, for messages.</param>
    public async Task<Credential?> GetAsync(
        string name, string key, string file, CredentialScope scope, CancellationToken cancellationToken)
    {
        var program = ProgramOf(name);
        var path = Find(program) ?? throw CredentialErrors.CredentialHelperMissing(program, file);
        var (exitCode, output) = await RunAsync(path, key, program, file, cancellationToken);
        if (exitCode != 0)
        {
            // Its error text goes to standard output too. Only the known one is looked at: others might hold anything.
            if (output.Contains(NotFound, StringComparison.OrdinalIgnoreCase))
                return null;
            throw CredentialErrors.CredentialHelperFailed(program, file, $"it ended with exit code {exitCode}");
        }

        return Parse(output, program, file, scope);
    }

    private static Credential? Parse(string output, string program, string file, CredentialScope scope)
    {
        try
        {
            var json = OciJson.ReadObject(Encoding.UTF8.GetBytes(output));
            var (user, secret) = (OciJson.String(json, "Username") ?? "", OciJson.String(json, "Secret") ?? "");
            var source = $"the credential helper '{program}', named in '{file}'";
            if (secret.Length == 0)
                return null;
            return Credential.Of(scope, source, user, secret);
        }
        catch (FormatException e)
        {
            throw CredentialErrors.CredentialHelperFailed(program, file, "its answer is not the JSON that it should be", e);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(
        string path, string key, string program, string file, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start(path, program, file);
        try
        {
            // Nobody reads what it says on standard error; left unread it could fill up and hang the helper.
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            await SendAsync(process, key, either.Token);
            var output = await ReadAsync(process.StandardOutput, either.Token)
                ?? throw CredentialErrors.CredentialHelperFailed(program, file, "it answered with far too much");
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CredentialErrors.CredentialHelperFailed(program, file, $"it did not end within {timeout.TotalSeconds:0} seconds");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string path, string program, string file)
    {
        var start = new ProcessStartInfo(path, ["get"])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw CredentialErrors.CredentialHelperFailed(program, file, $"it cannot be started ({e.Message})", e);
        }
    }

    private static async Task SendAsync(Process process, string key, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(key.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells more.
        }
    }

    private static async Task<string?> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Append(buffer, 0, read).Length > MaximumOutput)
                return null;
        }

        return text.ToString();
    }

    // Only the PATH counts, as in docker: a program of that name in the current folder must not run.
    private string? Find(string program)
    {
        if (program.AsSpan().ContainsAny('/', '\\') || program.Contains("..", StringComparison.Ordinal))
            return null;
        var names = OperatingSystem.IsWindows() ? new[] { program + ".exe", program + ".cmd" } : [program];
        return (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
