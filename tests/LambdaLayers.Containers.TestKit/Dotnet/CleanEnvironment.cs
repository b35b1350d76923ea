using System.Collections;

namespace LambdaLayers.Containers.TestKit.Dotnet;

/// <summary>This process's environment without what would leak into a build under test.</summary>
public static class CleanEnvironment
{
    // MSBuild takes every variable as a property, so BUILD_NUMBER or ContainerRegistry of the outside would change results;
    // the rest are credentials, endpoints and caches of the person who runs the tests.
    private static readonly string[] ToxicPrefixes =
    [
        "AWS_", "BUILDAH_", "BUILD_", "Container", "DOCKER_", "DOTNET_CONTAINER_", "GITHUB_", "Lambda", "MSBuild", "NUGET_FALLBACK",
        "NUGET_PACKAGES", "PODMAN_", "REGISTRY_", "SDK_CONTAINER_", "TESTINGPLATFORM_", "VSTEST", "XDG_",
    ];

    private static readonly string[] ToxicNames =
    [
        "CI", "TF_BUILD", "Configuration", "Platform", "Version", "PackageVersion", "DirectoryBuildPropsPath", "SOURCE_DATE_EPOCH",
        "DOTNET_HOST_PATH", "DOTNET_CLI_CONTEXT_VERBOSE", "NuGetPackageRoot", "RuntimeIdentifier", "PublishDir", "OutputPath",
    ];

    /// <summary>A new dictionary with the variables that may stay.</summary>
    public static Dictionary<string, string?> Create()
    {
        var kept = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && !IsToxic(name))
            {
                kept[name] = value;
            }
        }

        return kept;
    }

    /// <summary>Whether a variable of this name must not reach a build under test.</summary>
    public static bool IsToxic(string name) =>
        ToxicNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        || ToxicPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
}
