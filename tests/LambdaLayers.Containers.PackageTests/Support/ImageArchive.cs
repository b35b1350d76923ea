using LambdaLayers.Containers.TestKit;
using LambdaLayers.Containers.TestKit.Images;

namespace LambdaLayers.Containers.PackageTests.Support;

/// <summary>Docker archives, read by the test kit, not by the product.</summary>
internal static class ImageArchive
{
    /// <summary>The number of layers.</summary>
    public static async Task<int> LayerCountAsync(string archive) =>
        (await StoredImage.ConfigAsync($"docker-archive:{archive}"))
            .GetProperty("rootfs").GetProperty("diff_ids").GetArrayLength();

    /// <summary>The files of its root file system, relative, with slashes.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync(string archive)
    {
        using var root = new TempRoot();
        var rootfs = await StoredImage.UnpackAsync($"docker-archive:{archive}", root);
        return [.. Directory.EnumerateFiles(rootfs, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(rootfs, file))];
    }
}
