using System.Text;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images.Functions;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>A function's variables have 4 KB together, those of the image with those of its configuration.</summary>
internal sealed class EnvironmentSizeRule() : ImageRule(
    "LLC3550", RuleSeverity.Warning, "The image's variables have more than 4 KB", Sources.Quotas)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var size = image.Config.Environment.Sum(Encoding.UTF8.GetByteCount);
        if (size > LambdaVariables.MostBytes)
        {
            var longest = image.Config.Environment.MaxBy(variable => variable.Length)!.Split('=')[0];
            yield return Found(
                $"The image's variables have {DisplayText.Number(size)} bytes, and Lambda's limit for a function's is "
                    + $"{DisplayText.Number(LambdaVariables.MostBytes)}. The longest is "
                + $"{DisplayText.Name(longest)}: put it into a file of the image, or into Parameter Store.");
        }
    }
}

/// <summary>Variables that Lambda sets itself, whatever the image says.</summary>
internal sealed class ReservedVariableRule() : ImageRule(
    "LLC3551", RuleSeverity.Warning, "The image sets a variable of Lambda's own", Sources.Variables)
{
    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from variable in image.Config.Environment
        let name = variable.Split('=')[0]
        // AWS's own images have these two.
        where LambdaVariables.IsReserved(name)
            && variable is not ("LAMBDA_TASK_ROOT=/var/task" or "LAMBDA_RUNTIME_DIR=/var/runtime")
        select Found($"The image sets {name}, which Lambda sets itself: the image's value is never seen. Leave it "
            + "out, or choose another name.");
}

/// <summary>The folder that the program starts in is there.</summary>
internal sealed class WorkingDirectoryRule() : ImageRule(
    "LLC3552", RuleSeverity.Error, "The working directory is not in the image", Sources.OciConfig)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.IsRun || image.Config.WorkingDirectory is not { Length: > 1 } folder)
            yield break;
        if (!folder.StartsWith('/'))
            yield return Found($"The working directory is '{DisplayText.Name(folder)}', and has to be an absolute "
                + "path. Set ContainerWorkingDirectory.");
        else if (image.Files.Find(folder) is { IsFolder: false })
            yield return Found($"The working directory '{DisplayText.Name(folder)}' is a file. Set "
                + "ContainerWorkingDirectory to a folder.", folder);
        else if (image.IsWhole && image.Files.Find(folder) is null)
            yield return Found($"The working directory '{DisplayText.Name(folder)}' is not in the image, and its file "
                + "system is read-only. Put something into it, or set ContainerWorkingDirectory.", folder);
    }
}

/// <summary>
/// Lambda takes entry point, command, working directory and variables of the config, and nothing else.
/// </summary>
internal sealed class UserRule() : ImageRule(
    "LLC3553", RuleSeverity.Note, "Lambda ignores the image's user", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (image.IsRun && image.Config.User is { Length: > 0 } user)
            yield return Found($"The image's user is '{DisplayText.Name(user)}'. Lambda runs every function as a user "
                + $"of its own: what only '{DisplayText.Name(user)}' may read cannot be read there.");
    }
}

/// <summary>
/// Layers that bring programs or libraries where nothing looks for them, because the base image is not AWS's or the
/// variable was cut.
/// </summary>
internal sealed class SearchPathRule() : ImageRule(
    "LLC3555", RuleSeverity.Warning, "Nothing looks for a layer's programs or libraries", Sources.Layers)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.IsRun)
            yield break;
        foreach (var (variable, folder, what) in ((string, string, string)[])[("PATH", "/opt/bin", "programs"),
            ("LD_LIBRARY_PATH", "/opt/lib", "libraries")])
        {
            var brings = image.Files.In(folder).FirstOrDefault(file => file.Elf is not null || (folder == "/opt/bin"
                && file.Record?.Shebang is not null));
            var value = image.Config.EnvironmentVariable(variable) ?? "";
            if (brings is not null && !value.Split(':').Any(part => part.TrimEnd('/') == folder))
            {
                yield return Found(
                    $"'{DisplayText.Name(brings.Path)}' is one of the {what} in {folder}, and {variable} "
                        + $"('{DisplayText.Name(value)}') does not name that folder. Add it at the end: "
                    + $"<ContainerEnvironmentVariable Include=\"{variable}\" Value=\"…:{folder}\" "
                    + "/>.", brings.Path, brings.Layer);
            }
        }
    }
}

/// <summary>
/// Values that a colon was in: the .NET SDK cuts labels and variables there when it publishes for several runtime
/// identifiers.
/// </summary>
internal sealed class CutValueRule() : ImageRule(
    "LLC3556", RuleSeverity.Warning, "A label or variable was cut at a "
        + "colon", "https://github.com/dotnet/sdk/blob/main/src/Containers/packaging/build/Microsoft.NET.Build.Containers.targets")
{
    private static readonly string[] Beginnings = ["http", "https", "sha256", "arn", "postgres", "mongodb", "redis",
        "amqp", "s3"];

    protected override IEnumerable<Finding> Check(InspectedImage image) =>
        from pair in image.Config.Labels.Select(label => (Kind: "label", label.Key, label.Value))
            .Concat(image.Config.Environment.Select(v => v.Split('=',
                2)).Where(v => v.Length == 2).Select(v => (Kind: "variable", Key: v[0], Value: v[1])))
        where Beginnings.Contains(pair.Value)
        select Found(
            $"The {pair.Kind} '{DisplayText.Name(pair.Key)}' is '{pair.Value}', which looks cut at a colon: the .NET "
                + "SDK does that when it publishes for several runtime identifiers. "
            + "Publish for one, or with this package, which puts the whole value back.");
}

/// <summary>
/// A file of two layers that is not the same in both: the upper one wins, and the lower layer may not work with it.
/// </summary>
internal sealed class OverwrittenFileRule() : ImageRule(
    "LLC3554", RuleSeverity.Warning, "Two layers bring different files of one name", Sources.Layers)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var owners = new Dictionary<string, (int Layer, ulong Hash, long Size)>(StringComparer.Ordinal);
        var clashes = new SortedDictionary<(int Lower, int Upper), List<string>>();
        for (var i = 0; i < image.Layers.Count; i++)
        {
            foreach (var entry in image.Layers[i]?.Entries ?? [])
            {
                if (entry.Type != TarItem.File || !(InspectedImage.IsUnder(entry.Path, "/opt")
                    || InspectedImage.IsUnder(entry.Path, image.TaskRoot)))
                    continue;
                if (owners.TryGetValue(entry.Path, out var owner) && owner.Layer != i && (owner.Hash,
                    owner.Size) != (entry.Hash, entry.Size)
                    && image.Files.Find(entry.Path) is not null)
                {
                    if (!clashes.TryGetValue((owner.Layer, i), out var paths))
                        clashes[(owner.Layer, i)] = paths = [];
                    paths.Add(entry.Path);
                }

                owners[entry.Path] = (i, entry.Hash, entry.Size);
            }
        }

        return clashes.Select(clash => Found(
            $"'{DisplayText.Name(clash.Value[0])}'{(clash.Value.Count > 1 ? $" and {clash.Value.Count - 1} other files are" : " is")} in {image.NameOf(clash.Key.Lower)} and, with another content, in "
            + $"{image.NameOf(clash.Key.Upper)}, which wins. If the other should, change the order of the LambdaLayer "
            + "items: a later one wins.", clash.Value[0], clash.Key.Upper));
    }
}
