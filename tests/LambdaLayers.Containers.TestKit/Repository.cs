namespace LambdaLayers.Containers.TestKit;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder with the solution file, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LambdaLayers.Containers.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"LambdaLayers.Containers.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
