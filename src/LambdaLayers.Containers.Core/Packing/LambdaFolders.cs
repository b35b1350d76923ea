namespace LambdaLayers.Containers.Core.Packing;

/// <summary>The places under /opt that mean something to Lambda, as paths without the leading slash.</summary>
internal static class LambdaFolders
{
    /// <summary>Lambda starts each file directly in it.</summary>
    public const string ExtensionsFolder = "opt/extensions";

    private const string Root = "opt/";

    // SolarWinds: https://documentation.solarwinds.com/en/success_center/observability/content/configure/services/lambda.htm
    private static readonly string[] NestedWrappers = ["opt/solarwinds-apm/wrapper"];

    private const string Extensions = ExtensionsFolder + "/";
    private const string Store = "/dotnetcore/store/";

    public const string Bootstrap = "opt/bootstrap";

    /// <summary>Whether Lambda would start this file as an extension: it lies directly in /opt/extensions.</summary>
    public static bool IsDirectlyInExtensions(string path) =>
        path.Length > Extensions.Length && path.StartsWith(Extensions, StringComparison.Ordinal)
        && path.IndexOf('/', Extensions.Length) < 0;

    /// <summary>Whether a program there can be a wrapper script: it lies directly in /opt, or where a vendor says.</summary>
    public static bool CanWrap(string path) =>
        path.StartsWith(Root, StringComparison.Ordinal)
        && (path.IndexOf('/', Root.Length) < 0 || NestedWrappers.Contains(path, StringComparer.Ordinal));

    /// <summary>Whether it is the manifest of a .NET runtime package store (dotnetcore/store/…/artifact.xml).</summary>
    public static bool IsStoreManifest(string path) =>
        path.EndsWith("/artifact.xml", StringComparison.Ordinal)
        && StoreOf(path) is not null;

    /// <summary>The .NET runtime package store that a file lies in (/opt/dotnetcore/store), or null.</summary>
    public static string? StoreOf(string path)
    {
        var at = path.IndexOf(Store, StringComparison.Ordinal);
        return at < 0 ? null : path[..(at + Store.Length - 1)];
    }

    /// <summary>Whether files there are programs by convention: some folder above is called bin or extensions.</summary>
    public static bool HoldsPrograms(string path) =>
        LayerPath.Parent(path).Split('/').Any(segment => segment is "bin" or "extensions");
}
