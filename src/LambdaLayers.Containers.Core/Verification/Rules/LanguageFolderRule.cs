using System.Text.RegularExpressions;
using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Images;
using LambdaLayers.Containers.Core.Packing.Tar;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>
/// Each language's runtime looks into folders of its own under /opt, some by version. A layer that has such folders and none for
/// this function's runtime was made for another one.
/// </summary>
internal sealed partial class LanguageFolderRule() : ImageRule(
    "LLC3563", RuleSeverity.Warning, "Nothing looks into a layer's folder", Sources.Layers)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        if (!image.IsRun || LanguageHandlerRule.RuntimeOf(image) is not { } runtime)
            yield break;
        for (var i = 0; i < image.Layers.Count; i++)
        {
            if (image.Layers[i] is not { } layer || !image.IsAdded(image.Image.Layers[i]))
                continue;
            var folders = layer.Entries.Where(entry => entry.Type != TarItem.Folder).Select(entry => Folder().Match(entry.Path))
                .Where(match => match.Success)
                .DistinctBy(match => match.Groups["folder"].Value).ToList();
            if (folders.Count > 0 && !folders.Exists(folder => IsFor(folder, runtime)))
            {
                var names = string.Join(", ", folders.Select(folder => $"'{DisplayText.Name(folder.Groups["folder"].Value)}'").Take(3));
                yield return Found(
                    $"{image.NameOf(i)} brings {names}, and {runtime.Name} does not look there. Take the layer's build for the function's runtime; or, if the function uses "
                    + "the files by their path, allow it with LambdaVerifyAllow.", folders[0].Groups["folder"].Value, i);
            }
        }
    }

    private static bool IsFor(Match folder, FunctionRuntime runtime)
    {
        var version = folder.Groups["version"].Value;
        var family = folder.Groups["family"].Value;
        if (family != runtime.Family)
            return false;
        // A version of a family whose version is not known may be the right one.
        return version.Length == 0 || runtime.Name == runtime.Family || family switch
        {
            "nodejs" => runtime.Name == $"nodejs{version}.x",
            // Gems are kept by the version of the interface: 3.4.0 for all of 3.4.
            "ruby" => version.StartsWith(runtime.Name["ruby".Length..] + ".", StringComparison.Ordinal),
            _ => runtime.Name == family + version,
        };
    }

    // https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html: of files, for a zip may have empty folders.
    [GeneratedRegex(
        @"\A(?<folder>/opt/(?<family>python)/lib/python(?<version>\d+\.\d+)|/opt/(?<family>nodejs)/node(?<version>\d+)|/opt/(?<family>ruby)/gems/(?<version>[\d.]+)"
        + @"|/opt/(?<family>python|nodejs|ruby)|/opt/(?<family>java)/lib)/")]
    private static partial Regex Folder();
}
