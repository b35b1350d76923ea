using LambdaLayers.Containers.Core.Oci;

namespace LambdaLayers.Containers.Core.Images.Functions;

/// <summary>
/// The environment variables by which an image finds what its layers brought. AWS's own images already look into /opt/bin
/// and /opt/lib, last of all; other images are told to, in the same place: a layer adds, it never shadows.
/// </summary>
internal static class LayerEnvironment
{

    // What a shell and the loader look through where the image says nothing.
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The variables to set in the image's config; empty when there is nothing to say.</summary>
    public static IReadOnlyDictionary<string, string> For(
        ImageConfig config, Platform platform, IReadOnlyList<Layer> layers, IReadOnlyList<string> wrappers)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!AwsBaseImage.Is(config) && layers.Any(l => IsInOpt(l.Origin.TargetPath)))
        {
            variables["PATH"] = Append(config.EnvironmentVariable("PATH") ?? DefaultPath, "/opt/bin");
            variables["LD_LIBRARY_PATH"] =
                Append(config.EnvironmentVariable("LD_LIBRARY_PATH") ?? SystemLibraries(platform), "/opt/lib");
        }

        var stores = layers.SelectMany(l => l.Facts.Stores).Distinct().ToList();
        if (stores.Count > 0)
        {
            variables["DOTNET_SHARED_STORE"] = stores.Aggregate(
                config.EnvironmentVariable("DOTNET_SHARED_STORE") ?? "", Append);
        }

        if (wrappers.Count > 0)
            variables[ExecWrapper.Variable] = ExecWrapper.ValueFor(wrappers);
        return variables;
    }

    private static bool IsInOpt(string targetPath) =>
        targetPath == "/opt" || targetPath.StartsWith("/opt/", StringComparison.Ordinal);

    // LD_LIBRARY_PATH is searched before the loader's own folders, so those must be in it too, in front of ours.
    private static string SystemLibraries(Platform platform)
    {
        var triplet = $"{platform.MachineName}-linux-gnu";
        return $"/lib64:/usr/lib64:/lib/{triplet}:/usr/lib/{triplet}:/lib:/usr/lib";
    }

    private static string Append(string list, string folder)
    {
        if (list.Length == 0)
            return folder;
        return list.Split(':').Contains(folder) ? list : $"{list}:{folder}";
    }
}
