using System.Text;
using LambdaLayers.Containers.Core.Layers.Built;
using LambdaLayers.Containers.Core.Oci;
using LambdaLayers.Containers.Core.Packing;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// Wrapper scripts (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper): programs of layers that
/// are given the runtime's command line, prepare something, and execute it. The bootstraps of AWS's language images start
/// the one that AWS_LAMBDA_EXEC_WRAPPER names; everything else ignores the variable
/// (https://github.com/aws/aws-lambda-go/issues/523) and gets a script that does the same.
/// </summary>
internal static class ExecWrapper
{
    /// <summary>What bootstraps look at.</summary>
    public const string Variable = "AWS_LAMBDA_EXEC_WRAPPER";

    /// <summary>The folder in the image for the scripts that are generated.</summary>
    public const string Folder = "/opt/lambda-layers";

    private const string ChainName = "exec-wrappers";
    private const string LauncherName = "start";
    private const int Executable = 0b111_101_101; // 0755

    /// <summary>Starts an image whose entry point does not look at the variable, with that entry point as its arguments.</summary>
    public static string Launcher => $"{Folder}/{LauncherName}";

    /// <summary>Reads LambdaExecWrapper: absolute paths between semicolons. Throws LLC2337 for what is no path.</summary>
    public static IReadOnlyList<string> Parse(string? list)
    {
        var paths = (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var path in paths)
        {
            if (!path.StartsWith('/') || path.EndsWith('/') || path.Any(char.IsControl))
                throw TaskImageErrors.WrapperIsNoPath(path);
        }

        return paths;
    }

    /// <summary>The variable's value: the only wrapper, or the script that chains several.</summary>
    public static string ValueFor(IReadOnlyList<string> wrappers) => wrappers.Count == 1 ? wrappers[0] : $"{Folder}/{ChainName}";

    /// <summary>
    /// Whether the image's own entry point leads to something that looks at the variable: a bootstrap of AWS's for a
    /// language, or the script that takes the place of one.
    /// </summary>
    public static bool IsHonoured(FunctionSettings function, ImageConfig @base) =>
        AwsBaseImage.StartsWithEntryPoint(@base) && !function.HasOwnEntryPoint;

    /// <summary>The generated scripts, relative to <see cref="Folder"/>; empty where the image needs none.</summary>
    public static IReadOnlyList<LayerEntry> Scripts(FunctionSettings function, ImageConfig @base)
    {
        var scripts = new List<LayerEntry>();
        // Each wrapper executes its arguments, so the next one is the first of them.
        if (function.ExecWrappers.Count > 1)
            scripts.Add(Script(ChainName, $"exec {string.Join(' ', function.ExecWrappers.Select(ShellText.Quote))} \"$@\"\n"));
        if (function.ExecWrappers.Count > 0 && !IsHonoured(function, @base))
            scripts.Add(Script(LauncherName, Start("")));
        return scripts;
    }

    /// <summary>A <c>bootstrap</c> that starts a program through the wrapper.</summary>
    public static LayerEntry Bootstrap(string name, string program) => Script(name, Start(ShellText.Quote(program) + " "));

    /// <summary>The image with its entry point started through the wrapper, where nothing else would.</summary>
    public static ImageConfig Apply(FunctionSettings? function, ImageConfig @base, ImageConfig config)
    {
        if (function is not { ExecWrappers.Count: > 0 } || IsHonoured(function, @base))
            return config;
        var command = config.Command;
        return config.WithEntryPoint([Launcher, .. config.EntryPoint]).WithCommand(command);
    }

    private static string Start(string program) => $"""
        if [ -n "${Variable}" ]; then
          exec "${Variable}" {program}"$@"
        fi
        exec {program}"$@"

        """.ReplaceLineEndings("\n");

    private static LayerEntry Script(string name, string commands)
    {
        var text = Encoding.UTF8.GetBytes("#!/bin/sh\n" + commands);
        return new LayerEntry(name, EntryKind.File)
        {
            Mode = Executable,
            Size = text.Length,
            Open = () => new MemoryStream(text, writable: false),
        };
    }
}
