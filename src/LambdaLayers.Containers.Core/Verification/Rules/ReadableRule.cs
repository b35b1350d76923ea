using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Verification.Inspection;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Lambda runs functions and extensions as a user who owns nothing: files must be readable for all, and folders open
/// to all. An /opt that is not means that extensions are silently not started.
/// </summary>
internal sealed class ReadableRule() : ImageRule(
    "LLC3514", RuleSeverity.Error, "Lambda's user cannot read a file", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var folders = new[] { "/opt", image.TaskRoot }.Append(image.Config.WorkingDirectory is { Length: > 1 } folder
            ? folder : "/opt").Distinct();
        return folders.Where(folder => folder.Length > 1)
            .SelectMany(folder => Above(image, folder).Concat(image.Files.Under(folder)))
            .Where(file => !file.IsLink && !(file.IsReadable && (!file.IsFolder || file.IsExecutable)))
            .DistinctBy(file => file.Path)
            .Select(file => Found(
                $"'{DisplayText.Name(file.Path)}' has the mode "
                    + $"{Convert.ToString(file.Node.Mode ?? 0, 8).PadLeft(4, '0')}, and Lambda runs functions as "
                + $"a user of its own, who then cannot {(file.IsFolder ? "get into it" : "read it")}. `chmod -R a+rX` "
                + "before it is put into the image; in a "
                + "Dockerfile, `COPY --chmod=755`.", file.Path, file.Layer));
    }

    private static IEnumerable<FoundFile> Above(InspectedImage image, string folder)
    {
        for (var slash = folder.IndexOf('/', 1); slash > 0; slash = folder.IndexOf('/', slash + 1))
        {
            if (image.Files.Find(folder[..slash]) is { } above)
                yield return above;
        }

        if (image.Files.Find(folder) is { } itself)
            yield return itself;
    }
}
