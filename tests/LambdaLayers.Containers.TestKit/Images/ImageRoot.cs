using System.Text.Json;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// An unpacked image whose programs can be run: chroot in a mount namespace of its own, with /proc and /dev, with the image's
/// environment. Needs root and the right to mount; without them the test is skipped (fails when LLC_REQUIRE_TOOLS=1).
/// </summary>
public sealed class ImageRoot
{
    private readonly Dictionary<string, string?> _environment;

    private ImageRoot(string path, JsonElement config)
    {
        Path = path;
        var run = config.GetProperty("config");
        _environment = Strings(run, "Env").Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => (string?)v[1]);
        Arguments = [.. Strings(run, "Entrypoint"), .. Strings(run, "Cmd")];
        WorkingDirectory = run.TryGetProperty("WorkingDir", out var folder) && folder.GetString() is { Length: > 0 } text ? text : "/";
    }

    /// <summary>The root file system on this machine.</summary>
    public string Path { get; }

    /// <summary>The image's entry point and command.</summary>
    public IReadOnlyList<string> Arguments { get; }

    public string WorkingDirectory { get; }

    /// <summary>Unpacks an image (see <see cref="StoredImage"/> for references) below a temp root.</summary>
    public static async Task<ImageRoot> UnpackAsync(string reference, TempRoot root)
    {
        await RequireMounts();
        return new ImageRoot(await StoredImage.UnpackAsync(reference, root), await StoredImage.ConfigAsync(reference));
    }

    /// <summary>What runs this image as Lambda would: its entry point and command, its environment and these variables.</summary>
    public ToolCommand Command(params (string Name, string Value)[] variables) => Command(Arguments, variables);

    /// <summary>What runs one program of the image.</summary>
    public ToolCommand Command(IReadOnlyList<string> program, params (string Name, string Value)[] variables)
    {
        // CoreCLR reads its limits from /proc; /dev/null and /dev/urandom are everybody's. The mounts end with the namespace.
        const string Script = """
            set -e
            root=$1; shift
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            exec chroot "$root" /usr/bin/env -i "$@"
            """;
        var environment = new Dictionary<string, string?>(_environment);
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        string[] inside =
        [
            .. environment.Select(v => $"{v.Key}={v.Value}"),
            "/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", WorkingDirectory, .. program,
        ];
        return new ToolCommand(
            Tools.Require("unshare"), ["--mount", Tools.Require("sh"), "-c", Script, "sh", Path, .. inside]);
    }

    private static async Task RequireMounts()
    {
        var probe = await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("unshare"), ["--mount", "true"]) { ExpectedExitCodes = [] }, CancellationToken.None);
        if (probe.ExitCode == 0)
        {
            return;
        }

        Tools.Skip($"Running an image needs root and mount namespaces: {probe.Output.Trim()}");
    }

    private static string[] Strings(JsonElement run, string name) =>
        run.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)]
            : [];
}
