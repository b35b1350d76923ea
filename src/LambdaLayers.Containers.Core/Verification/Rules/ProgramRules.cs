using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>A program that the image starts, and that is not in it.</summary>
internal sealed class MissingProgramRule() : ImageRule(
    "LLC3520", RuleSeverity.Error, "What the image starts is not in it", Sources.ImageTrouble)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.IsMissing(image)
        let target = program.Path.StartsWith('/') ? image.Files.Resolve(program.Path) : program.Path
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, "
                + $"{(target == program.Path ? "is" : $"leads to '{DisplayText.Name(target)}', which is")} not in the "
                + "image. "
            + Remedy(program, image), program.Path);

    private static string Remedy(StartedProgram program, InspectedImage image) => program.Role switch
    {
        "AWS_LAMBDA_EXEC_WRAPPER" => "Add the layer that brings it, or leave the variable out.",
        _ when program.IsData => $"The application is in '{image.Config.WorkingDirectory}': set "
            + "ContainerWorkingDirectory, or correct the entry point.",
        _ => "Correct ContainerEntrypoint or ContainerAppCommand, or put the file where they say.",
    };
}

/// <summary>A program without the right to be started, by a user who owns nothing.</summary>
internal sealed class ExecutableRule() : ImageRule(
    "LLC3521", RuleSeverity.Error, "What the image starts is not executable", Sources.Execve)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where !program.IsData && program.File is { IsFile: true, IsExecutable: false }
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, has the mode "
                + $"{Convert.ToString(program.File!.Node.Mode ?? 0, 8).PadLeft(4, '0')} and cannot be "
            + "started. `chmod 755` it before it is put into the image.", program.Path, program.File.Layer);
}

/// <summary>A file that the kernel cannot start: neither ELF nor a script that says what runs it.</summary>
internal sealed class ProgramFormatRule() : ImageRule(
    "LLC3522", RuleSeverity.Error, "What the image starts is no program", Sources.Execve)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where !program.IsData && program.File is { IsFile: true, Record: { Elf: null, Shebang: null } }
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, is neither an ELF program nor a script that begins "
                + "with #!, so that it fails with "
            + "\"exec format error\". " + (program.Role == "an extension"
                ? "Lambda starts every file in /opt/extensions: put what belongs to an extension elsewhere, /opt/lib "
                + "for one."
                : "Begin a script with `#!/bin/sh`."), program.Path, program.File!.Layer);
}

/// <summary>A script whose interpreter is not in the image.</summary>
internal sealed class InterpreterRule() : ImageRule(
    "LLC3523", RuleSeverity.Error, "A script's interpreter is not in the image", Sources.Execve)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.File is { IsFile: true }
        let shebang = Shebang.Of(program.File!)
        where shebang is { HasCarriageReturn: false } && shebang.IsMissing(image)
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, is a script for "
                + $"'{DisplayText.Name(shebang.Missing(image))}', which is not in the image. Use an "
            + "interpreter that the base image has (`#!/bin/sh`), or add a layer that brings "
            + "it.", program.Path, program.File!.Layer);
}

/// <summary>
/// A script with Windows line ends: the kernel takes the carriage return for a part of the interpreter's name.
/// </summary>
internal sealed class LineEndRule() : ImageRule(
    "LLC3524", RuleSeverity.Error, "A script has Windows line ends", Sources.Execve)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.File is { IsFile: true } file && Shebang.Of(file) is { HasCarriageReturn: true }
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, has Windows line ends, so that it fails with \"no "
                + "such file or directory\". Save it with LF; "
            + "`*.sh text eol=lf` in .gitattributes keeps it so.", program.Path, program.File!.Layer);
}

/// <summary>A program whose loader is not in the image: made for another C library, musl for glibc.</summary>
internal sealed class LoaderRule() : ImageRule(
    "LLC3525", RuleSeverity.Error, "A program's loader is not in the image", Sources.Execve)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.File?.Elf?.Loader is { } path && image.IsWhole && image.Files.Find(path) is null
        let loader = program.File!.Elf!.Loader!
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, wants the loader '{DisplayText.Name(loader)}', "
                + "which is not in the image, and so fails with \"no such "
            + $"file or directory\". {(loader.Contains("musl", StringComparison.Ordinal) ? "It is made for musl (Alpine)" : "It is made for another C library")}: take the "
            + "build for the base image's, or a static one.", program.Path, program.File!.Layer);
}

/// <summary>A program whose libraries are not all where the loader looks.</summary>
internal sealed class ProgramLibraryRule() : ImageRule(
    "LLC3526", RuleSeverity.Error, "A program's library is not in the image", Sources.Loader)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.IsWhole)
            yield break;
        foreach (var program in StartedProgram.Of(image).Where(program => program.File?.Elf is not null))
        {
            var missing = LibrarySearch.MissingOf(image, program.Path, program.File!);
            if (missing.Count > 0)
            {
                yield return Found(
                    $"'{DisplayText.Name(program.Path)}', {program.Role}, needs "
                        + $"{string.Join(", ", missing.Take(5).Select(DisplayText.Name))}, which is not where the "
                    + "loader looks (LD_LIBRARY_PATH, /lib64, /usr/lib64). Put it into /opt/lib with a layer, or link "
                    + "the program statically.",
                    program.Path, program.File!.Layer);
            }
        }
    }
}

/// <summary>A program for the other architecture.</summary>
internal sealed class ProgramMachineRule() : ImageRule(
    "LLC3528", RuleSeverity.Error, "What the image starts is for another architecture", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.File?.Elf is { } elf && elf.Machine != image.Image.Platform.DotnetArchitecture
        select Found(
            $"'{DisplayText.Name(program.Path)}', {program.Role}, is for {program.File!.Elf!.Machine}, and the image "
                + $"is for {image.Image.Platform}: it fails with \"exec "
            + "format error\". Take the build for the image's architecture, or publish for the "
            + "program's.", program.Path, program.File.Layer);
}

/// <summary>AWS asks that the entry point is no symbolic link.</summary>
internal sealed class EntryPointLinkRule() : ImageRule(
    "LLC3529", RuleSeverity.Warning, "The entry point is a symbolic link", Sources.ImageTrouble)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from program in StartedProgram.Of(image)
        where program.Role == "the entry point" && program.File is not null && program.Path.StartsWith('/')
            && image.Files.FindItself(program.Path) is { IsLink: true }
        select Found(
            $"'{DisplayText.Name(program.Path)}', the entry point, is a symbolic link to "
                + $"'{DisplayText.Name(image.Files.Resolve(program.Path))}'. AWS says to name the file "
            + "itself.", program.Path, program.File!.Layer);
}
