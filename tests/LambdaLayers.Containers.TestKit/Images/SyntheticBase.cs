using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.TestKit.Images;

/// <summary>Base images with the config of AWS's Lambda images: tiny ones for fast tests, and one that runs .NET.</summary>
public static class SyntheticBase
{
    // The environment of every AWS base image (reference: aws-lambda-base-images' Dockerfiles).
    private static readonly string[] Variables =
    [
        "LANG=en_US.UTF-8",
        "TZ=:/etc/localtime",
        "PATH=/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "LD_LIBRARY_PATH=/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
        "LAMBDA_TASK_ROOT=/var/task",
        "LAMBDA_RUNTIME_DIR=/var/runtime",
    ];

    // What AWS's .NET images add.
    private static readonly string[] DotnetVariables =
    [
        "DOTNET_VERSION=10.0.0",
        "DOTNET_RUNNING_IN_CONTAINER=true",
        "DOTNET_ROOT=/var/lang/bin",
        "DOTNET_NOLOGO=true",
        "DOTNET_CLI_TELEMETRY_OPTOUT=true",
    ];

    // In our own words what AWS's script does: one argument, _HANDLER, then the runtime. There is no emulator in here.
    internal const string EntryPoint = """
        #!/bin/sh
        if [ $# -ne 1 ]; then
          echo "entrypoint requires the handler name to be the first argument" >&2
          exit 142
        fi
        export _HANDLER="$1"
        if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then
          echo "AWS_LAMBDA_RUNTIME_API is not set and this image has no runtime interface emulator" >&2
          exit 143
        fi
        exec /var/runtime/bootstrap

        """;

    // What AWS's .NET bootstrap does, with its exit codes and its wrapper support: an executable is started, a class library's
    // handler (assembly::type::method) is given to the runtime with the function's own manifests. AWS's image has ICU; this
    // one does without.
    private const string DotnetBootstrap = """
        #!/bin/sh
        export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
        assembly="$LAMBDA_TASK_ROOT/${_HANDLER%%::*}"
        if [ "$_HANDLER" != "${_HANDLER%%::*}" ]; then
          [ -f "$assembly.deps.json" ] || { echo "$assembly.deps.json is missing" >&2; exit 105; }
          [ -f "$assembly.runtimeconfig.json" ] || { echo "$assembly.runtimeconfig.json is missing" >&2; exit 106; }
          set -- dotnet exec --depsfile "$assembly.deps.json" --runtimeconfig "$assembly.runtimeconfig.json" \
            /var/runtime/LambdaLayers.Containers.LambdaRuntime.dll "$_HANDLER"
        elif [ -x "$assembly" ]; then
          set -- "$assembly"
        elif [ -f "$assembly.dll" ]; then
          set -- dotnet exec "$assembly.dll"
        else
          echo "$LAMBDA_TASK_ROOT has neither $_HANDLER nor $_HANDLER.dll" >&2
          exit 104
        fi
        if [ -n "$AWS_LAMBDA_EXEC_WRAPPER" ]; then
          [ -f "$AWS_LAMBDA_EXEC_WRAPPER" ] || exit 127
          [ -x "$AWS_LAMBDA_EXEC_WRAPPER" ] || exit 126
          exec "$AWS_LAMBDA_EXEC_WRAPPER" "$@"
        fi
        exec "$@"

        """;

    /// <summary>The OCI architecture of this machine.</summary>
    public static string HostArchitecture =>
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>The <c>config</c> object of an AWS base image: environment, working folder, entry point, nothing else.</summary>
    /// <param name="dotnet">As <c>dotnet:N</c>, else as <c>provided</c>.</param>
    public static JsonObject RunConfig(bool dotnet = false) => new()
    {
        ["Env"] = new JsonArray([.. Variables.Concat(dotnet ? DotnetVariables : []).Select(v => (JsonNode)v)]),
        ["Entrypoint"] = new JsonArray("/lambda-entrypoint.sh"),
        ["WorkingDir"] = "/var/task",
    };

    /// <summary>A base of two layers and a few files; nothing in it runs.</summary>
    /// <param name="dotnet">With the variables and the bootstrap of <c>dotnet:N</c>, else as <c>provided</c>.</param>
    public static SyntheticImage Plain(
        string architecture = "amd64", ImageFamily family = ImageFamily.Docker, bool dotnet = false) =>
        new(family, architecture, RunConfig(dotnet),
        [
            SyntheticLayer.Create(tar => tar
                .Folder("etc").File("etc/os-release", $"ID=synthetic\nVARIANT={architecture}\n")
                .Folder("tmp", 0b1_111_111_111).Folder("usr/bin").Folder("usr/lib64").Symlink("lib64", "usr/lib64")),
            RuntimeLayer(dotnet),
        ]);

    /// <summary>
    /// A base of the files that AWS's images have and others lean on: loader, C and C++ libraries, shell, the entry script,
    /// .NET. Programs are ELF files without code, so that it is whole to whoever looks, and nothing in it runs.
    /// </summary>
    /// <param name="dotnet">With the variables, the runtime and the bootstrap of <c>dotnet:N</c>, else as <c>provided</c>.</param>
    public static SyntheticImage Documented(
        string architecture = "amd64", ImageFamily family = ImageFamily.Docker, bool dotnet = false) =>
        new(family, architecture, RunConfig(dotnet),
        [
            SyntheticLayer.Create(tar =>
            {
                tar.Folder("etc").File("etc/os-release", "ID=\"amzn\"\nVERSION_ID=\"2023\"\n")
                    .File("etc/shadow", "root:*::0:99999:7:::\n", 0)
                    .Folder("root", 0b101_101_000).Folder("tmp", 0b1_111_111_111).Folder("usr/bin").Folder("usr/lib").Folder("usr/lib64")
                    .Symlink("bin", "usr/bin").Symlink("lib", "usr/lib").Symlink("lib64", "usr/lib64");
                var loader = ElfBuilder.Loader(architecture);
                tar.File("usr" + loader, ElfBuilder.Library(architecture), 0b111_101_101);
                foreach (var library in (string[])["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1",
                    "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libssl.so.3", "libcrypto.so.3"])
                    tar.File($"usr/lib64/{library}", library == "libc.so.6" ? ElfBuilder.Library(architecture)
                        : ElfBuilder.Library(architecture, "libc.so.6"), 0b111_101_101);
                foreach (var program in (string[])["bash", "env", "coreutils", "grep"])
                    tar.File($"usr/bin/{program}", ElfBuilder.Program(architecture), 0b111_101_101);
                tar.Symlink("usr/bin/sh", "bash");
            }),
            .. dotnet ? [SyntheticLayer.Create(tar => tar.File("var/lang/bin/dotnet", ElfBuilder.Program(architecture), 0b111_101_101))]
                : Array.Empty<SyntheticLayer>(),
            RuntimeLayer(dotnet),
        ]);

    /// <summary>A base on which .NET programs of this machine's architecture run, with busybox as its shell.</summary>
    /// <param name="family">Media types.</param>
    /// <param name="dotnetBootstrap">
    /// False as <c>provided</c>: the function brings its own .NET and /var/runtime/bootstrap. True as <c>dotnet:N</c>: with this
    /// machine's .NET, and a bootstrap that starts the executable or the class library's handler that CMD names.
    /// </param>
    public static async Task<SyntheticImage> RunnableAsync(
        ImageFamily family = ImageFamily.Docker, bool dotnetBootstrap = false) =>
        new(family, HostArchitecture, RunConfig(dotnetBootstrap),
        [
            await HostSystem.LayerAsync(),
            .. dotnetBootstrap ? [HostSystem.DotnetLayer()] : Array.Empty<SyntheticLayer>(),
            RuntimeLayer(dotnetBootstrap),
        ]);

    /// <summary>Pushes <see cref="Plain"/> for amd64 and arm64 under one tag, uncounted; gives the index's digest.</summary>
    public static async Task<string> PushPlainAsync(
        ITestRegistry registry, string repository, string tag, ImageFamily family = ImageFamily.Docker, bool dotnet = false)
    {
        using var pusher = new RegistryPusher(registry.Uncounted);
        return await pusher.PushIndexAsync(
            repository, tag, Plain("amd64", family, dotnet), Plain("arm64", family, dotnet));
    }

    /// <summary>Pushes the runnable base (one architecture, no index), uncounted; gives its digest.</summary>
    public static async Task<string> PushRunnableAsync(
        ITestRegistry registry, string repository, string tag, bool dotnetBootstrap = false)
    {
        using var pusher = new RegistryPusher(registry.Uncounted);
        return await pusher.PushAsync(repository, tag, await RunnableAsync(ImageFamily.Docker, dotnetBootstrap));
    }

    private static SyntheticLayer RuntimeLayer(bool dotnetBootstrap) => SyntheticLayer.Create(tar =>
    {
        tar.Program("lambda-entrypoint.sh", EntryPoint)
            .Folder("var/lang/bin").Folder("var/lang/lib").Folder("var/runtime").Folder("var/task");
        if (dotnetBootstrap)
        {
            tar.Program("var/runtime/bootstrap", DotnetBootstrap);
        }
    });
}
