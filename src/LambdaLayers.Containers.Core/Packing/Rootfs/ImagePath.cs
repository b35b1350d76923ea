using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Packing.Rootfs;

/// <summary>Names in layers, which builders write as <c>a/b</c>, <c>./a/b</c> and <c>/a/b</c>.</summary>
internal static class ImagePath
{
    /// <summary>The segments below the image's root. Throws LLC3052 for a name that climbs.</summary>
    public static string[] Split(string name)
    {
        var segments = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Array.IndexOf(segments, "..") >= 0)
            throw ContentErrors.PathEscapes(name);
        return Array.IndexOf(segments, ".") < 0 ? segments : [.. segments.Where(s => s != ".")];
    }
}
