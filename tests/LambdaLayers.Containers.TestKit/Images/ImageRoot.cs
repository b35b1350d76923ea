using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// An unpacked image whose programs can be run as Lambda runs them: as a user without rights, in the image's working folder and
/// environment, on a read-only root with a writable /tmp. It is a chroot in a mount namespace of its own, which needs root and
/// the right to mount; without them the test is skipped (fails when LLC_REQUIRE_TOOLS=1).
/// </summary>
public sealed class ImageRoot
{
    // sbx_user1051 in Lambda; the numbers are those of the runnable base's user.
    private const string User = "993";
    private const string UserGroup = "990";

    private readonly Dictionary<string, string?> _environment;
    private string _hostFolders = "";

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

    /// <summary>
    /// Adds what an empty base lacks: this machine's loader and C library, /etc and a shell. What the image has stays.
    /// </summary>
    public async Task AddHostSystemAsync()
    {
        using var blob = new MemoryStream((await HostSystem.LayerAsync()).Blob.ToArray());
        await using var tar = new TarReader(new GZipStream(blob, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var path = System.IO.Path.Combine(Path, entry.Name.TrimEnd('/'));
            if (System.IO.Path.Exists(path))
            {
                continue;
            }

            if (entry.EntryType == TarEntryType.SymbolicLink)
            {
                File.CreateSymbolicLink(path, entry.LinkName);
            }
            else
            {
                await entry.ExtractToFileAsync(path, overwrite: false);
            }
        }
    }

    /// <summary>Puts this machine's /usr, with its Python, Node.js and Java, in the place of the image's when it runs.</summary>
    public void UseLanguagesOfHost() => _hostFolders = string.Join('\n', LanguageBase.HostFolders);

    /// <summary>What runs this image as Lambda would: its entry point and command, its environment and these variables.</summary>
    public ToolCommand Command(params (string Name, string Value)[] variables) => Command(Arguments, variables);

    /// <summary>What runs one program of the image.</summary>
    public ToolCommand Command(IReadOnlyList<string> program, params (string Name, string Value)[] variables)
    {
        // CoreCLR reads its limits from /proc; /dev/null and /dev/urandom are everybody's. The mounts end with the namespace.
        // Nothing of the image is needed to start its program, so an image without a shell can be run too.
        const string Script = """
            set -e
            root=$1; folders=$2; shift 2
            mkdir -p "$root/proc" "$root/dev" "$root/tmp"
            mount --bind "$root" "$root"
            for folder in $folders; do mkdir -p "$root$folder"; mount --bind "$folder" "$root$folder"; done
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            mount -o remount,bind,ro "$root"
            exec env -i "$@"
            """;
        var environment = new Dictionary<string, string?>(_environment);
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var unshare = Tools.Require("unshare");
        return new ToolCommand(unshare,
        [
            "--mount", Tools.Require("sh"), "-c", Script, "sh", Path, _hostFolders,
            .. environment.Select(v => $"{v.Key}={v.Value}"),
            unshare, "--root", Path, "--wd", WorkingDirectory, "--setgid", UserGroup, "--setuid", User, .. program,
        ]);
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
