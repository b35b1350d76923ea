using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>
/// The part of this machine's system that a self-contained .NET program needs (loader, C and C++ libraries, OpenSSL) and a
/// static busybox, as one image layer; .NET itself is another.
/// </summary>
internal static class HostSystem
{
    // Opened by name at run time, so that ldd does not show them.
    private static readonly string[] OpenedByName = ["libssl.so.3", "libcrypto.so.3", "libnss_files.so.2", "libnss_dns.so.2"];

    private static readonly string[] Applets =
    [
        "sh", "cat", "chmod", "cp", "echo", "env", "grep", "head", "id", "kill", "ln", "ls", "mkdir", "mv", "ps", "rm", "sed", "sleep",
        "sort", "tail", "test", "touch", "tr", "true", "wc", "wget",
    ];

    private static readonly Regex LddLine = new(
        @"^\s*(?:(?<name>\S+) => )?(?<path>/\S+) \(0x", RegexOptions.CultureInvariant | RegexOptions.Multiline);

    private static readonly Lazy<Task<SyntheticLayer>> Layer = new(CreateAsync);

    private static readonly Lazy<SyntheticLayer> Dotnet = new(CreateDotnet);

    public static Task<SyntheticLayer> LayerAsync() => Layer.Value;

    /// <summary>
    /// The .NET that runs the tests, where AWS's images have theirs, and the program that runs class libraries on it.
    /// </summary>
    public static SyntheticLayer DotnetLayer() => Dotnet.Value;

    private static SyntheticLayer CreateDotnet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var framework = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        var root = framework.Parent!.Parent!.Parent!;
        var resolver = new DirectoryInfo(Path.Combine(root.FullName, "host", "fxr")).EnumerateDirectories()
            .MaxBy(folder => Version.Parse(folder.Name.Split('-')[0]))!;
        const string Runtime = "LambdaLayers.Containers.LambdaRuntime.dll";
        return SyntheticLayer.Create(tar =>
        {
            tar.File("var/lang/bin/dotnet", File.ReadAllBytes(Path.Combine(root.FullName, "dotnet")), 0b111_101_101);
            foreach (var file in resolver.EnumerateFiles().Concat(framework.EnumerateFiles()))
            {
                var path = Path.GetRelativePath(root.FullName, file.FullName);
                tar.File($"var/lang/bin/{path}", File.ReadAllBytes(file.FullName), 0b111_101_101);
            }

            tar.File($"var/runtime/{Runtime}", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Runtime)));
        });
    }

    private static async Task<SyntheticLayer> CreateAsync()
    {
        var busybox = Tools.Require("busybox");
        await RequireStatic(busybox);
        var libraries = await LibrariesAsync();
        return SyntheticLayer.Create(tar =>
        {
            // Merged /usr, as in Amazon Linux 2023.
            tar.Folder("usr/bin").Folder("usr/lib").Folder("usr/lib64").Folder("usr/local/bin").Folder("usr/sbin")
                .Symlink("bin", "usr/bin").Symlink("lib", "usr/lib").Symlink("lib64", "usr/lib64").Symlink("sbin", "usr/sbin")
                .Folder("dev").Folder("proc").Folder("sys").Folder("root", 0b101_101_000).Folder("tmp", 0b1_111_111_111)
                .File("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nsbx:x:993:990::/home/sbx:/sbin/nologin\n")
                .File("etc/group", "root:x:0:\nsbx:x:990:\n")
                .File("etc/hosts", "127.0.0.1 localhost\n")
                .File("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
                .File("usr/bin/busybox", File.ReadAllBytes(busybox), 0b111_101_101);
            foreach (var applet in Applets)
            {
                tar.Symlink($"usr/bin/{applet}", "busybox");
            }

            foreach (var (target, source) in libraries)
            {
                tar.File(target, File.ReadAllBytes(source), 0b111_101_101);
            }
        });
    }

    /// <summary>Path in the image to path on this machine. The loader keeps the path that programs ask for.</summary>
    private static async Task<SortedDictionary<string, string>> LibrariesAsync()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var library in Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "lib*.so"))
        {
            await AddDependencies(library, found);
        }

        var cache = (await ToolRunner.RunAsync("ldconfig", "-p")).StandardOutput;
        foreach (var name in OpenedByName)
        {
            var line = cache.Split('\n').FirstOrDefault(l => l.Trim().StartsWith(name + " ", StringComparison.Ordinal));
            if (line is not null)
            {
                var path = line[(line.IndexOf("=> ", StringComparison.Ordinal) + 3)..].Trim();
                found[$"usr/lib64/{name}"] = path;
                await AddDependencies(path, found);
            }
        }

        return found;
    }

    private static async Task AddDependencies(string library, SortedDictionary<string, string> found)
    {
        var listed = await ToolRunner.RunAsync("ldd", library);
        foreach (Match line in LddLine.Matches(listed.StandardOutput))
        {
            var path = line.Groups["path"].Value;
            var loader = !line.Groups["name"].Success;
            var folder = loader && path.StartsWith("/lib/", StringComparison.Ordinal) ? "usr/lib" : "usr/lib64";
            found[$"{folder}/{Path.GetFileName(loader ? path : line.Groups["name"].Value)}"] = path;
        }
    }

    private static async Task RequireStatic(string busybox)
    {
        var ldd = await ToolRunner.RunAsync(
            new ToolCommand(Tools.Require("ldd"), [busybox]) { ExpectedExitCodes = [] }, CancellationToken.None);
        if (ldd.ExitCode == 0 && ldd.StandardOutput.Contains("=>", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{busybox} is not statically linked; the package busybox-static has one that is.");
        }
    }
}
