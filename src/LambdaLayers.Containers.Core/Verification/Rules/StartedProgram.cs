using LambdaLayers.Containers.Core.Packing;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>A file that is started when the function is: entry point, bootstrap, wrapper, each extension.</summary>
/// <param name="Path">Absolute; a bare name that was not found on the PATH stays one.</param>
/// <param name="Role">What starts it, for messages: <c>the entry point</c>.</param>
internal sealed record StartedProgram(string Path, string Role)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The file, symbolic links followed; null for one that is not there, or not known to be.</summary>
    public FoundFile? File { get; init; }

    /// <summary>Whether it only has to be there, because another program reads it: an assembly.</summary>
    public bool IsData { get; init; }

    /// <summary>Everything that the image is known to start.</summary>
    public static IReadOnlyList<StartedProgram> Of(InspectedImage image) =>
        [.. Candidates(image).Select(program => program with { File = image.Files.Find(program.Path) })];

    /// <summary>
    /// The file behind a program's name, as exec and shells find it; the name itself where there is none.
    /// </summary>
    public static string Locate(InspectedImage image, string name)
    {
        if (name.StartsWith('/'))
            return FileTree.Normalize(name);
        if (name.Contains('/'))
            return FileTree.Normalize($"{image.Config.WorkingDirectory}/{name}");
        return (image.Config.EnvironmentVariable("PATH") ?? DefaultPath).Split(':',
            StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => FileTree.Normalize($"{folder}/{name}")).FirstOrDefault(path => image.Files.Find(path) is { IsFile: true })
                ?? name;
    }

    /// <summary>
    /// Whether a program that was not found is not in the image: what a symbolic link leads to counts, and a bare
    /// name may be anywhere.
    /// </summary>
    public bool IsMissing(InspectedImage image) =>
        File is null && (Path.StartsWith('/') ? image.IsDecidable(image.Files.Resolve(Path)) : image.IsWhole);

    private static IEnumerable<StartedProgram> Candidates(InspectedImage image)
    {
        if (image.IsRun)
        {
            foreach (var program in EntryPoint(image))
                yield return program;
        }

        foreach (var file in image.Files.In("/" + LambdaFolders.ExtensionsFolder).Where(file => !file.IsFolder))
        {
            if (image.Files.Find(file.Path) is not { IsFolder: true })
                yield return new StartedProgram(file.Path, "an extension");
        }
    }

    private static IEnumerable<StartedProgram> EntryPoint(InspectedImage image)
    {
        var arguments = image.Config.EntryPoint.Concat(image.Config.Command).ToList();
        if (arguments.Count == 0)
            yield break;
        yield return new StartedProgram(Locate(image, arguments[0]), "the entry point");
        // dotnet [exec --depsfile X …] Some.dll
        if (arguments[0].Split('/')[^1] == "dotnet" && arguments.Skip(1).FirstOrDefault(a => a.EndsWith(".dll",
            StringComparison.Ordinal)) is { } assembly)
            yield return new StartedProgram(Locate(image, assembly.Contains('/') ? assembly : "./" + assembly), "the "
                + "assembly that the entry point names")
            { IsData = true };
        // Without a handler it is a base for other images, and no function yet.
        if (image.HasAwsEntryPoint && image.Config.Command.Count > 0)
        {
            var runtime = image.Config.EnvironmentVariable("LAMBDA_RUNTIME_DIR") ?? "/var/runtime";
            yield return new StartedProgram($"{runtime}/bootstrap", "the runtime's bootstrap");
        }

        if (image.Config.EnvironmentVariable("AWS_LAMBDA_EXEC_WRAPPER") is { Length: > 0 } wrapper)
            yield return new StartedProgram(Locate(image, wrapper), "AWS_LAMBDA_EXEC_WRAPPER");
        if (image.DotnetHandler is { } handler && !handler.Contains(':') && !handler.EndsWith(".dll",
            StringComparison.Ordinal)
            && image.Files.Find($"{image.TaskRoot}/{handler}.dll") is null
            && image.Files.Find($"{image.TaskRoot}/{handler}") is not null)
            yield return new StartedProgram($"{image.TaskRoot}/{handler}", "the function's executable");
    }
}
