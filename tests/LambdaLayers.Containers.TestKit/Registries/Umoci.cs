namespace LambdaLayers.Containers.TestKit.Registries;

/// <summary>umoci, an independent unpacker of images.</summary>
public static class Umoci
{
    /// <summary>
    /// Unpacks an image of any skopeo transport (<c>docker://host/repo:tag</c>, <c>docker-archive:file</c>,
    /// <c>oci-archive:file</c>) below <paramref name="root"/> and gives the path of its root file system.
    /// </summary>
    /// <param name="copyOptions">Options for the copy, such as <c>--override-arch</c>'s global kind: see skopeo copy.</param>
    public static async Task<string> UnpackAsync(string reference, TempRoot root, params string[] copyOptions)
    {
        var id = Guid.NewGuid().ToString("n");
        var layout = Path.Combine(root.Path, id, "layout");
        var bundle = Path.Combine(root.Path, id, "bundle");
        Directory.CreateDirectory(Path.GetDirectoryName(layout)!);
        await Skopeo.CopyAsync(reference, $"oci:{layout}:image", copyOptions);
        string[] rootless = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
        await ToolRunner.RunAsync("umoci", ["unpack", .. rootless, "--image", $"{layout}:image", bundle]);
        return Path.Combine(bundle, "rootfs");
    }
}
