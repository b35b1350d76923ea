using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Registries;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>Docker archives, read by tools that are not ours.</summary>
internal static class ImageArchive
{
    /// <summary>The number of layers that skopeo sees.</summary>
    public static async Task<int> LayerCountAsync(string archive) =>
        (await Skopeo.InspectConfigAsync($"docker-archive:{archive}"))
            .GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength();

    /// <summary>The files of the root file system that umoci makes, relative, with slashes.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync(string archive)
    {
        using var root = new TempRoot();
        var rootfs = await Umoci.UnpackAsync($"docker-archive:{archive}", root);
        return [.. Directory.EnumerateFiles(rootfs, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(rootfs, file))];
    }
}
