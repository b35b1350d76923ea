using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// A library or program under /opt or the task root that needs a library which is nowhere in the image. Whoever loads
/// it may have loaded that one before, from wherever it lies: so only what is in no folder at all is told.
/// </summary>
internal sealed class LibraryRule() : ImageRule(
    "LLC3527", RuleSeverity.Warning, "A library needs one that is not in the image", Sources.Loader)
{
    // What .NET loads if it is there:
    // https://github.com/dotnet/runtime/blob/main/docs/project/linux-build-methodology.md.
    private static readonly string[] Optional = ["liblttng-ust.so.0", "liblttng-ust.so.1"];

    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.IsWhole)
            yield break;
        var started = StartedProgram.Of(image).Select(program => image.Files.Resolve(program.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in image.Files.Under("/opt").Concat(image.Files.Under(image.TaskRoot)))
        {
            // Started programs have a rule of their own; variants are for other systems on purpose.
            if (file.Elf is not { } elf || started.Contains(file.Path)
                || elf.Machine != image.Image.Platform.DotnetArchitecture
                || NativeMachines.IsVariant(file.Path) || IsForMusl(file.Path, elf))
                continue;
            var folders = LibrarySearch.SearchPath(elf, file.Path);
            var missing = elf.Needed.Where(name => !Optional.Contains(name)
                && !image.Files.HasFileNamed(name[(name.LastIndexOf('/') + 1)..])
                && LibrarySearch.Find(image, name, folders) is null).ToList();
            if (missing.Count > 0)
            {
                yield return Found(
                    $"'{DisplayText.Name(file.Path)}' needs {string.Join(", ", missing.Take(5).Select(DisplayText.Name))}, which is nowhere in the image. Whatever "
                    + "loads it fails, unless it does so in vain on purpose. Add it to /opt/lib with a "
                    + "layer.", file.Path, file.Layer);
            }
        }
    }

    private static bool IsForMusl(string path, ElfFile elf) =>
        path.Contains("musl", StringComparison.Ordinal) || elf.Needed.Any(name => name.StartsWith("libc.musl-",
            StringComparison.Ordinal));
}
