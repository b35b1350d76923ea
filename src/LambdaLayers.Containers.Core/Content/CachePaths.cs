namespace LambdaLayers.Containers.Core.Content;

/// <summary>The only class that knows where the cache keeps things.</summary>
/// <param name="Root">Absolute path of LambdaLayersCacheDirectory.</param>
internal sealed record CachePaths(string Root)
{
    // A new layout gets a new folder, so that builds with older and newer packages never meet.
    private const string Layout = "v1";

    /// <summary>Whether it is the user's own default, and not one that may be meant to be shared.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Content-addressed bytes: downloads and packed layers.</summary>
    public string Blob(Digest digest) => Path.Combine(Root, Layout, "blobs", "sha256", digest.Hex);

    /// <summary>What a hash of inputs led to, as JSON.</summary>
    public string Mapping(string kind, Digest key) => Path.Combine(Root, Layout, kind, key.Hex + ".json");

    /// <summary>An empty file that is locked while one build makes what has this key.</summary>
    public string Lock(Digest key) => Path.Combine(Root, Layout, "locks", key.Hex);

    /// <summary>Half-written files, on the same volume as the rest so that a rename is atomic.</summary>
    public string Temporary => Path.Combine(Root, Layout, "tmp");

    /// <summary>Everything that this layout owns; CleanLambdaLayersCache removes just this.</summary>
    public string Owned => Path.Combine(Root, Layout);

    /// <summary>The default of LambdaLayersCacheDirectory, by the conventions of each system.</summary>
    public static string DefaultRoot(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Folder(Environment.SpecialFolder.LocalApplicationData), "lambda-layers");
        var home = environment("HOME") is { Length: > 0 } set ? set : Folder(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Caches", "lambda-layers");
        // A relative XDG_CACHE_HOME is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
        var xdg = environment("XDG_CACHE_HOME") is { } value && Path.IsPathRooted(value) ? value : null;
        return Path.Combine(xdg ?? Path.Combine(home, ".cache"), "lambda-layers");
    }

    private static string Folder(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder);
}
