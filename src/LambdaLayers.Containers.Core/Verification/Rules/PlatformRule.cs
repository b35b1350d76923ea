using LambdaLayers.Containers.Core.Diagnostics;
using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Verification.Rules;

/// <summary>Lambda runs Linux on x86_64 and arm64, and goes by what the config says.</summary>
internal sealed class PlatformRule() : ImageRule(
    "LLC3517", RuleSeverity.Error, "Lambda does not run this platform", Sources.ImageRequirements)
{
    protected override IEnumerable<Finding> Check(InspectedImage image)
    {
        var platform = image.Config.Platform;
        if (platform is null || !(Platform.LinuxAmd64.Accepts(platform) || Platform.LinuxArm64.Accepts(platform)))
        {
            yield return Found(
                $"The image's config says that it is for {(platform is null ? "no platform" : $"'{DisplayText.Name(platform.ToString())}'")}, and Lambda runs "
                + "linux/amd64 and linux/arm64. Build it for one of them: `--platform linux/amd64`.");
        }
    }
}
